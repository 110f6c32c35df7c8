import { expect, it } from 'vitest';
import type { Repetition } from '../result/document.ts';
import type { Note } from '../result/note.ts';
import { NotesTold } from './notes-told.ts';

const lag = (lagUs: number): Note => ({
  kind: 'send-lag',
  part: 'generator',
  percentile: 99,
  lagUs,
  responseUs: 10 * lagUs,
  cause: 'no-core',
  cpu: 0.5,
  connections: 64,
});
const exited = (instance: string): Note => ({
  kind: 'exited',
  part: 'fleet',
  instance,
  code: 1,
  signal: null,
  output: 'a\nb',
});
const trial = (...observations: Note[]): Repetition => ({ observations }) as unknown as Repetition;

it('a note is shown once for each kind, and counted at the end', () => {
  const notes = new NotesTold();
  const shown = [3000, 4000, 5000].map((us) => notes.fresh(trial(lag(us))));
  expect(shown.map((texts) => texts.length)).toEqual([1, 0, 0]);
  expect(shown[0]![0]).toContain('send lag p99 is 3 ms');
  expect(notes.again()).toEqual(['note: send lag: noted in 3 trials, shown for the first of them']);
});

it('what happened to a process is shown each time, on one line', () => {
  const notes = new NotesTold();
  expect(notes.fresh(trial(exited('1'), exited('2'), lag(3000)))).toHaveLength(3);
  expect(notes.fresh(trial(exited('1')))[0]).not.toContain('\n');
  expect(notes.again()).toEqual([]);
});
