/** @module The notation of bounds in thresholds, for each unit of a metric. */
import { parseDuration, parseRate } from '../../units/time.ts';
import type { Comparator } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

interface Spelling {
  readonly is: string;
  readonly expected: string;
  /** Undefined when the text is not such a bound. */
  parse(text: string, comparator: Comparator): number | undefined;
  /** What may be meant by a text that is not one. */
  meant?(text: string): readonly string[];
}

const FRACTION: Spelling = {
  is: 'a share',
  expected: 'a share from 0 to 1 or 0% to 100%, such as 0.1%',
  parse: parseShare,
};

/** Where an upper bound of 1 alone is never meant: no error rate can be above 1, and few readers take it for all calls. */
const SHARE: Spelling = {
  is: 'a share',
  expected: 'a share such as 0.1% or 0.001',
  parse: (text, comparator) => (isOne(text) && comparator.startsWith('<') ? undefined : parseShare(text)),
  meant: (text) => (isOne(text) ? ['1%', '100%'] : []),
};

const SPELLINGS = {
  /** Microseconds. */
  time: {
    is: 'a duration',
    expected: 'a duration such as 50ms or 2s',
    parse: parseDuration,
    meant: (text) => (/^\d+(\.\d+)?$/.test(text) ? [`${text}ms`] : []),
  },
  /** 0..1, shown as a percentage. */
  share: SHARE,
  /** 0..1, shown as a plain number: an index, a hit rate. */
  fraction: FRACTION,
  /** Any number from 0. */
  ratio: {
    is: 'a number',
    expected: 'a number such as 1.5',
    parse: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
  },
  /** Per second. */
  rate: { is: 'a rate', expected: 'a rate such as 380/s or 2k/s', parse: parseRate },
  count: {
    is: 'a count',
    expected: 'a whole number',
    parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
  },
} as const satisfies Readonly<Record<string, Spelling>>;

/** The unit of a metric; its values are numbers in this unit. */
export type MetricUnit = keyof typeof SPELLINGS;

/** The bound written in `text` after `comparator`, in `unit`, or the problem with it. */
export function readBound(unit: MetricUnit, text: string, comparator: Comparator): number | RuleProblem {
  const { is, expected, parse, meant }: Spelling = SPELLINGS[unit];
  const bound = parse(text, comparator);
  if (bound !== undefined) return bound;
  const closed = text.replace(/\s/g, '');
  const likely = parse(closed, comparator) === undefined ? (meant?.(closed) ?? []) : [closed];
  const hint =
    likely.length === 0 ? {} : { todo: `did you mean ${likely.map((one) => `"${one}"`).join(' or ')}?` };
  return { what: `"${text}" is not ${is}`, expected, ...hint };
}

/** 1 as a plain number, however it is written. */
const isOne = (text: string): boolean => /^0*1(\.0*)?$/.test(text);

function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  if (!match) return undefined;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}
