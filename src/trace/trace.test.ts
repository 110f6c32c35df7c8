import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { UserError } from '../units/user-error.ts';
import { below, valueAt, withValueAt } from './pointer.ts';
import { MOST_LINE, openTrace } from './read.ts';
import type { TracedCall, TraceHeader, TraceLine } from './trace.ts';
import { TraceWriter } from './write.ts';

const HEADER: TraceHeader = {
  schema: 'paceline/trace@1',
  paceline: '1.0.0',
  target: 'http://127.0.0.1:1/mcp',
  era: 'stateless',
  started: '2026-11-26T00:00:00.000Z',
};

const callAt = (call: number, atUs: number): TracedCall => ({ call, atUs, agent: 0, method: 'tools/list' });

function fileWith(...lines: readonly string[]): string {
  const path = join(scratch(), 'trace.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

const traceWith = (...lines: readonly unknown[]): string =>
  fileWith(...[HEADER, ...lines].map((line) => (typeof line === 'string' ? line : JSON.stringify(line))), '');

const read = (path: string): readonly TraceLine[] => [...openTrace(path).lines];

describe('a trace', () => {
  it('is read as it was written', () => {
    const path = join(scratch(), 'trace.jsonl');
    const writer = new TraceWriter(path);
    const lines = [callAt(0, 0), callAt(1, 5), { end: 0, outcome: 'ok', responseUs: 7 }];
    writer.begin(HEADER);
    for (const line of lines) writer.write(line);
    expect(openTrace(path).header).toEqual(HEADER);
    writer.end({ ...HEADER, secretsRemoved: Number.MAX_SAFE_INTEGER });
    writer.close();
    expect(openTrace(path).header).toEqual({ ...HEADER, secretsRemoved: Number.MAX_SAFE_INTEGER });
    expect(read(path)).toEqual(lines);
  });

  it('never replaces a file', () => {
    const path = fileWith('mine');
    expect(() => new TraceWriter(path)).toThrow('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('leaves no file when nothing was written', () => {
    const path = join(scratch(), 'trace.jsonl');
    new TraceWriter(path).close();
    expect(existsSync(path)).toBe(false);
    new TraceWriter('/dev/null').close();
    expect(existsSync('/dev/null')).toBe(true);
  });

  it.each([
    ['{"call":1,"atUs":', true],
    ['{"end":0,"outcome":', false],
    ['', false],
  ])('is read up to the line that a killed recorder did not finish: %s', (cut, endsWithinCall) => {
    const path = traceWith(callAt(0, 0));
    appendFileSync(path, cut);
    const { lines } = openTrace(path);
    expect(lines.next()).toEqual({ done: false, value: callAt(0, 0) });
    expect(lines.next()).toEqual({ done: true, value: endsWithinCall });
  });

  it.each([
    ['an empty file', () => fileWith(''), 'is empty'],
    ['a file of something else', () => fileWith('version: 1', ''), 'is no trace'],
    [
      'another version',
      () => fileWith('{"schema":"paceline/trace@2"}', ''),
      'another version: paceline/trace@2',
    ],
    [
      'a first line without its parts',
      () => fileWith('{"schema":"paceline/trace@1"}', ''),
      ':1: the line lacks target',
    ],
    ['a line that is no JSON', () => traceWith('{"call":0,', callAt(0, 0)), ':2: the line is no JSON object'],
    ['a line of something else', () => traceWith({ level: 'info' }), ':2: the line is neither a call'],
    ['a time that is negative', () => traceWith(callAt(0, -5)), ':2: the line has no valid atUs'],
    [
      'a time that is text',
      () => traceWith({ ...callAt(0, 0), atUs: 'x' }),
      ':2: the line has no valid atUs; expected a whole number from 0',
    ],
    [
      'a call without a caller',
      () => traceWith({ call: 0, atUs: 0, method: 'a' }),
      ':2: the line has no agent',
    ],
    [
      'a reference to a later call',
      () => traceWith({ ...callAt(0, 0), refs: [{ call: 0, to: '/a' }] }),
      ':2: the line has no valid refs',
    ],
    ['an end without an outcome', () => traceWith({ end: 0, responseUs: 1 }), ':2: the line has no outcome'],
    ['a call that is missing', () => traceWith(callAt(1, 0)), ':2: the line is call 1, and 0 was to come'],
    ['time that goes back', () => traceWith(callAt(0, 5), callAt(1, 4)), ':3: the line arrives before'],
    [
      'a line that is too long',
      () => traceWith('x'.repeat(MOST_LINE + 1)),
      ':2: the line is longer than 1024 KiB',
    ],
    ['no file', () => '/no/such/trace.jsonl', 'does not exist'],
    ['a folder', () => scratch(), 'is a folder'],
  ])('names the problem of %s', (_, path, problem) => {
    let thrown: unknown;
    try {
      read(path());
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect((thrown as UserError).message).toContain(problem);
  });
});

describe('a JSON pointer', () => {
  it('finds what stands at every place, and puts something else there', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        for (const [pointer, found] of placesIn(value, '')) {
          expect(valueAt(value, pointer)).toBe(found);
          expect(valueAt(withValueAt(value, pointer, 'put'), pointer)).toBe('put');
        }
      }),
    );
  });

  it('leaves a value without the place as it is', () => {
    expect(withValueAt({ a: [1] }, '/a/7/b', 'put')).toEqual({ a: [1] });
    expect(valueAt({ a: [1] }, '/toString')).toBeUndefined();
  });
});

function* placesIn(value: unknown, pointer: string): Generator<readonly [string, unknown]> {
  yield [pointer, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* placesIn(child, below(pointer, key));
}
