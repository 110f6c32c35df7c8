/** @module The language of thresholds. */

import { type Micros, type PerSecond, parseDuration, parseRate } from '../../units/time.ts';
import { type Problem, UserError } from '../../units/user-error.ts';
import { nearest } from '../../units/words.ts';
import type { RuleProblem } from './values.ts';

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

const COMPARISON = /^(.*?)\s*(<=|>=|==|<|>)\s*(\S.*?)(?:\s+for\s+(.+))?$/;
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
export function parseThreshold(text: string, where = 'thresholds'): Threshold | Problem {
  const match = COMPARISON.exec(text.trim());
  if (!match) return { where, what: `"${text}" is not a threshold`, expected: EXPECTED };
  const [, left = '', comparator = '<', right = '', variant] = match;
  const read = readSubject(left);
  if ('what' in read) return { where, ...read, what: `${read.what} in "${text}"` };
  const bound = readBound(read.subject, right);
  if (typeof bound !== 'number') return { where, ...bound, what: `${bound.what} in "${text}"` };
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

/** Every threshold of a profile. Throws a `UserError` that names all wrong ones. */
export function parseThresholds(texts: readonly string[]): readonly Threshold[] {
  const parsed = texts.map((text, index) => parseThreshold(text, `thresholds[${index}]`));
  const faults = parsed.flatMap((one) => ('where' in one ? one : []));
  if (faults.length > 0) throw new UserError(faults);
  return parsed.flatMap((one) => ('where' in one ? [] : one));
}

/** The names that thresholds of a profile may speak of. */
export interface KnownNames {
  readonly variants: readonly string[];
  readonly calls: readonly string[];
}

/** What is wrong with a threshold of a profile that has these calls and variants. */
export function thresholdFaults(text: string, known: KnownNames): readonly RuleProblem[] {
  const parsed = parseThreshold(text);
  if ('where' in parsed) {
    const { where: _, ...fault } = parsed;
    return [fault];
  }
  const missing = (
    kind: string,
    name: string | undefined,
    names: readonly string[],
  ): readonly RuleProblem[] => {
    // None at all: the profile has graver faults.
    if (name === undefined || names.length === 0 || names.includes(name)) return [];
    return [
      { what: `no ${kind} is named "${name}" in "${text}"`, expected: listed(names), ...meant(name, names) },
    ];
  };
  return [
    ...missing('call', parsed.call, known.calls),
    ...missing('variant', parsed.variant, known.variants),
  ];
}

const listed = (names: readonly string[]): string =>
  `one of ${[...new Set(names)].map((name) => `"${name}"`).join(', ')}`;

/** The known name that a mistyped one was probably meant to be. */
function meant(name: string, names: readonly string[]): Pick<Problem, 'todo'> {
  const near = nearest(name, names);
  return near === undefined ? {} : { todo: `did you mean "${near}"?` };
}

const SUBJECTS =
  '"p(99)", "mean" or "max" (after "service_time" or "send_lag" if not of the response time), "error_rate", "rate" or "dropped"';

const WORDS = ['mean', 'max', 'error_rate', 'rate', 'dropped'];

/** What is measured nowhere, and what it may have been meant to be: `p99` is `p(99)`. */
function unmeasured(text: string): RuleProblem {
  const [, number] = /^p\s*(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const hint = number === undefined ? meant(text, WORDS) : { todo: `did you mean "p(${number})"?` };
  return { what: `"${text}" is nothing that is measured`, expected: SUBJECTS, ...hint };
}

function readSubject(text: string): Pick<Threshold, 'subject' | 'call'> | RuleProblem {
  const match = SUBJECT.exec(text.trim());
  if (!match) return unmeasured(text);
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
): Subject | RuleProblem {
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
  return unmeasured(word);
}

interface Bound {
  readonly is: string;
  readonly expected: string;
  readonly parse: (text: string) => number | undefined;
}

/** How the bound of each kind of subject is written. */
const BOUNDS: Readonly<Record<Subject['kind'], Bound>> = {
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

function readBound(subject: Subject, text: string): number | RuleProblem {
  const { is, expected, parse } = BOUNDS[subject.kind];
  const bound = parse(text);
  if (bound !== undefined) return bound;
  const closed = text.replace(/\s/g, '');
  const hint = parse(closed) === undefined ? {} : { todo: `did you mean "${closed}"?` };
  return { what: `"${text}" is not ${is}`, expected, ...hint };
}

function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  if (!match) return undefined;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}
