import { expect, it } from 'vitest';
import { type Taken, takePrecedence } from './precedence.ts';

it.each<[string, readonly (readonly [atUs: number, busyUs: number])[], number]>([
  [
    'keeps it while it is mostly free',
    [
      [1000, 400],
      [2000, 800],
      [3000, 1300],
    ],
    0,
  ],
  [
    'gives it up when it is busy',
    [
      [1000, 400],
      [2000, 1000],
    ],
    1,
  ],
  [
    'gives it up once, and for good',
    [
      [1000, 900],
      [2000, 900],
      [3000, 1800],
    ],
    1,
  ],
])('a thread that runs first %s', (_, readings, expected) => {
  const all: Taken[] = [[0, 0], ...readings].map(([atUs, busyUs]) => ({ atUs: atUs!, busyUs: busyUs! }));
  let given = 0;
  const check = takePrecedence(
    () => () => {
      given += 1;
    },
    () => all.shift()!,
  );
  for (const _reading of readings) check();
  expect(given).toBe(expected);
});
