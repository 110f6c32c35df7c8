/** @module The language of thresholds. */
import { type Fault, UserFault } from '../units/fault.ts';
import { type Micros, type PerSecond, parseDuration, parseRate } from '../units/time.ts';

export type Comparator = '<' | '<=' | '>' | '>=' | '==';

/** A time of the merged calls of a variant. */
export interface TimeSubject {
  readonly kind: 'time';
  readonly series: 'responseTime' | 'serviceTime' | 'sendLag';
  readonly statistic: 'mean' | 'max' | { readonly percentile: number };
}

/** What a threshold bounds. */
export type Subject =
  | TimeSubject
  /** Share of the due calls that did not end `ok`, 0..1. */
  | { readonly kind: 'error_rate' }
  /** Achieved throughput. */
  | { readonly kind: 'rate' }
  /** Calls that were due and never sent. */
  | { readonly kind: 'dropped' };

export interface Threshold {
  /** As the user wrote it, without white space around it. */
  readonly text: string;
  readonly subject: Subject;
  /** Only calls of this name; only of `error_rate` and of response times. */
  readonly call?: string;
  readonly comparator: Comparator;
  /** In the subject's own unit: microseconds, a share, calls per second, calls. */
  readonly bound: Micros | PerSecond | number;
  /** Only this variant; absent: each of them. */
  readonly variant?: string;
}

const EXPECTED = 'a threshold such as "p(99) < 50ms", "error_rate < 0.1%", "rate > 380/s" or "dropped == 0"';

const COMPARISON = /^(.*?)\s*(<=|>=|==|<|>)\s*(\S+)(?:\s+for\s+(.+))?$/;
const SUBJECT =
  /^(?:(response_time|service_time|send_lag)\s+)?(p\(\s*([^)]*?)\s*\)|[a-z_]+)\s*(?:\{([^}]*)\})?$/;

/**
 * The threshold that `text` spells, or the fault in it. `where` is the place the fault names.
 *
 * ```
 * threshold  ::= subject comparator bound [ "for" variant ]
 * subject    ::= time | "error_rate" [ filter ] | "rate" | "dropped"
 * time       ::= [ "response_time" ] statistic [ filter ] | ( "service_time" | "send_lag" ) statistic
 * statistic  ::= "p(" percentile ")" | "mean" | "max"
 * percentile ::= a number above 0, at most 100
 * filter     ::= "{" call name "}"                  e.g. {tools/call echo}
 * comparator ::= "<" | "<=" | ">" | ">=" | "=="
 * bound      ::= duration (of a time: 50ms) | share (of error_rate: 0.1% or 0.001)
 *              | rate (of rate: 380/s) | whole number (of dropped)
 * variant    ::= name | '"' name '"'                without it: every variant
 * ```
 */
export function parseThreshold(text: string, where = 'thresholds'): Threshold | Fault {
  const fault = (what: string, expected = EXPECTED): Fault => ({ where, what, expected });
  const match = COMPARISON.exec(text.trim());
  if (!match) return fault(`"${text}" is not a threshold`);
  const [, left = '', comparator = '<', right = '', variant] = match;
  const read = readSubject(left);
  if ('what' in read) return fault(`${read.what} in "${text}"`, read.expected);
  const bound = readBound(read.subject, right);
  if (typeof bound !== 'number') return fault(`"${right}" is not ${bound.is} in "${text}"`, bound.expected);
  return {
    text: text.trim(),
    ...read,
    comparator: comparator as Comparator,
    bound,
    ...(variant !== undefined && { variant: variant.replace(/^(["'])(.*)\1$/, '$2') }),
  };
}

/** The names that thresholds of a profile may speak of. */
export interface KnownNames {
  readonly variants: readonly string[];
  readonly calls: readonly string[];
}

/**
 * Every threshold of a profile. Throws a `UserFault` that names all wrong ones; with `known`, those too that speak of a
 * call or a variant that is not there. To be called before anything is run.
 */
export function parseThresholds(texts: readonly string[], known?: KnownNames): readonly Threshold[] {
  const parsed = texts.map((text, index) => parseThreshold(text, `thresholds[${index}]`));
  const faults = parsed.flatMap((one, index) =>
    'where' in one ? one : known ? unknownNames(one, `thresholds[${index}]`, known) : [],
  );
  if (faults.length > 0) throw new UserFault(faults);
  return parsed.flatMap((one) => ('where' in one ? [] : one));
}

function unknownNames(
  { text, call, variant }: Threshold,
  where: string,
  known: KnownNames,
): readonly Fault[] {
  const missing = (kind: string, name: string | undefined, names: readonly string[]): readonly Fault[] =>
    name === undefined || names.includes(name)
      ? []
      : [{ where, what: `no ${kind} is named "${name}" in "${text}"`, expected: listed(names) }];
  return [...missing('call', call, known.calls), ...missing('variant', variant, known.variants)];
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : `one of ${[...new Set(names)].map((name) => `"${name}"`).join(', ')}`;

interface Wrong {
  readonly what: string;
  readonly expected: string;
}

const SUBJECTS =
  '"p(99)", "mean" or "max" (after "service_time" or "send_lag" if not of the response time), "error_rate", "rate" or "dropped"';

function readSubject(text: string): Pick<Threshold, 'subject' | 'call'> | Wrong {
  const match = SUBJECT.exec(text.trim());
  if (!match) return { what: `"${text}" is nothing that is measured`, expected: SUBJECTS };
  const [, series, word = '', percentile, call] = match;
  const subject = subjectOf(series, word, percentile);
  if ('what' in subject) return subject;
  if (call === undefined) return { subject };
  const filterable =
    subject.kind === 'time' ? subject.series === 'responseTime' : subject.kind === 'error_rate';
  if (!filterable || call.trim() === '')
    return {
      what: `"{${call}}" cannot stand`,
      expected: 'the name of a call, after a response time or "error_rate"',
    };
  return { subject, call: call.trim() };
}

const SERIES = { response_time: 'responseTime', service_time: 'serviceTime', send_lag: 'sendLag' } as const;

function subjectOf(
  series: string | undefined,
  word: string,
  percentile: string | undefined,
): Subject | Wrong {
  const time = { kind: 'time', series: SERIES[(series ?? 'response_time') as keyof typeof SERIES] } as const;
  if (percentile !== undefined) {
    const value = Number(percentile);
    if (/^\d+(\.\d+)?$/.test(percentile) && value > 0 && value <= 100)
      return { ...time, statistic: { percentile: value } };
    return {
      what: `"p(${percentile})" is not a percentile`,
      expected: 'a number above 0 and at most 100, such as p(99.9)',
    };
  }
  if (word === 'mean' || word === 'max') return { ...time, statistic: word };
  if (series === undefined && (word === 'error_rate' || word === 'rate' || word === 'dropped'))
    return { kind: word };
  return { what: `"${word}" is nothing that is measured`, expected: SUBJECTS };
}

interface Bound {
  readonly is: string;
  readonly expected: string;
}

/** How the bound of each kind of subject is written. */
const BOUNDS: Readonly<Record<Subject['kind'], Bound & { parse(text: string): number | undefined }>> = {
  time: { is: 'a duration', expected: 'a duration such as 50ms or 2s', parse: parseDuration },
  error_rate: {
    is: 'a share',
    expected: 'a share from 0 to 1 or 0% to 100%, such as 0.1%',
    parse: parseShare,
  },
  rate: { is: 'a rate', expected: 'a rate such as 380/s or 2k/s', parse: parseRate },
  dropped: {
    is: 'a number of calls',
    expected: 'a whole number',
    parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
  },
};

function readBound(subject: Subject, text: string): number | Bound {
  return BOUNDS[subject.kind].parse(text) ?? BOUNDS[subject.kind];
}

function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  if (!match) return undefined;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}
