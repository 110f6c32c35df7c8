/** @module Reads a trace line by line, and finds files that are none. */
import { type Problem, UserError } from '../units/user-error.ts';
import { type FileLine, linesOfFile } from './line-reader.ts';
import { TRACE_SCHEMA, type TracedCall, type TracedEnd, type TraceHeader, type TraceLine } from './trace.ts';

/** Most bytes of a line: the recorder writes shorter ones. */
export const MOST_LINE = 1024 * 1024;

const EXPECTED = 'a trace that paceline record has written';

/** A trace that is being read. */
export interface OpenTrace {
  readonly header: TraceHeader;
  /**
   * The lines after the first, once; returns whether they end within a call. A last line that is not complete is left out. Throws a
   * {@link UserError} for a line that is no part of a trace.
   */
  readonly lines: Generator<TraceLine, boolean, void>;
}

/** Opens the trace at `path`, which problems name. Throws a {@link UserError} when there is none. A line of a caller beyond `mostAgents` is a problem. */
export function openTrace(path: string, mostAgents = Number.POSITIVE_INFINITY): OpenTrace {
  const lines = readable(path);
  const first = lines.next();
  if (first.done) throw new UserError({ where: path, what: 'is empty', expected: EXPECTED });
  return { header: headerOf(first.value, path), lines: rest(lines, path, mostAgents) };
}

/** The lines of the file, with the problem of a file that cannot be read. */
function* readable(path: string): Generator<FileLine, void, void> {
  try {
    yield* linesOfFile(path, MOST_LINE);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(
      { where: path, what: CODES[code] ?? `cannot be read: ${message}`, expected: EXPECTED },
      { cause: error },
    );
  }
}

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EISDIR: 'is a folder',
  EACCES: 'cannot be read (permission denied)',
};

function headerOf(line: FileLine, path: string): TraceHeader {
  const header = objectIn(line.text) as Partial<TraceHeader> | undefined;
  const schema = header?.schema as unknown;
  if (schema !== TRACE_SCHEMA) {
    const isOther = typeof schema === 'string' && schema.startsWith('paceline/trace@');
    const what = isOther ? `is a trace of another version: ${schema}` : 'is no trace';
    throw new UserError({ where: path, what, expected: isOther ? TRACE_SCHEMA : EXPECTED });
  }
  const { target, era, started } = header!;
  const isWhole =
    typeof target === 'string' &&
    (era === 'stateless' || era === 'sessions') &&
    !Number.isNaN(Date.parse(String(started)));
  if (!isWhole) throw atLine(path, line, 'lacks target, era or started');
  return header as TraceHeader;
}

function* rest(
  lines: Generator<FileLine, void, void>,
  path: string,
  mostAgents: number,
): Generator<TraceLine, boolean, void> {
  let calls = 0;
  let lastUs = 0;
  for (const line of lines) {
    if (line.text === undefined) throw atLine(path, line, `is longer than ${MOST_LINE / 1024} KiB`);
    const value = objectIn(line.text);
    // The recording was cut off while this line was being written.
    if (value === undefined && !line.ended) return line.text.startsWith('{"call":');
    if (value === undefined) throw atLine(path, line, 'is no JSON object');
    if (isEnd(value)) yield value;
    else if (isCall(value)) {
      if (value.call !== calls) throw atLine(path, line, `is call ${value.call}, and ${calls} was to come`);
      if (value.atUs < lastUs) throw atLine(path, line, 'arrives before the call of an earlier line');
      if (value.agent >= mostAgents)
        throw atLine(
          path,
          line,
          `is of caller ${value.agent}`,
          `0 to ${mostAgents - 1}, from the first caller`,
        );
      calls += 1;
      lastUs = value.atUs;
      yield value;
    } else throw neither(path, line, value);
  }
  return false;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';

/** A key of a line, what it has to be, and whether it is that. */
type KeyCheck<Line> = readonly [
  key: keyof Line & string,
  expected: string,
  isValid: (line: Partial<Line>) => boolean,
];

const COUNT = 'a whole number from 0';

const CALL_KEYS: readonly KeyCheck<TracedCall>[] = [
  ['call', COUNT, ({ call }) => isCount(call)],
  ['atUs', COUNT, ({ atUs }) => isCount(atUs)],
  ['agent', COUNT, ({ agent }) => isCount(agent)],
  ['method', 'text', ({ method }) => isText(method)],
  ['params', 'an object', ({ params = {} }) => typeof params === 'object' && params !== null],
  ['hidden', 'a list', ({ hidden = [] }) => Array.isArray(hidden)],
  [
    'refs',
    'a list of references to earlier calls',
    ({ refs = [], call }) =>
      Array.isArray(refs) && refs.every((ref) => isCount(ref?.call) && ref.call < call! && isText(ref.to)),
  ],
];

const END_KEYS: readonly KeyCheck<TracedEnd>[] = [
  ['end', COUNT, ({ end }) => isCount(end)],
  ['outcome', 'text', ({ outcome }) => isText(outcome)],
  ['responseUs', COUNT, ({ responseUs }) => isCount(responseUs)],
];

const isCall = (value: object): value is TracedCall => CALL_KEYS.every(([, , isValid]) => isValid(value));
const isEnd = (value: object): value is TracedEnd => END_KEYS.every(([, , isValid]) => isValid(value));

/** The problem of a line that is no call and no end: of its first key that is wrong, where it is meant to be one of them. */
function neither(path: string, line: FileLine, value: object): UserError {
  const checks: readonly KeyCheck<TracedCall & TracedEnd>[] =
    'call' in value ? CALL_KEYS : 'end' in value ? END_KEYS : [];
  const wrong = checks.find(([, , isValid]) => !isValid(value));
  if (wrong === undefined) return atLine(path, line, 'is neither a call nor the end of one');
  const [key, expected] = wrong;
  return atLine(path, line, key in value ? `has no valid ${key}` : `has no ${key}`, expected);
}

function objectIn(text: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function atLine(path: string, { number }: FileLine, what: string, expected = EXPECTED): UserError {
  const problem: Problem = { where: `${path}:${number}`, what: `the line ${what}`, expected };
  return new UserError(problem);
}
