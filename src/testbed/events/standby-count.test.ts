import { describe, expect, it } from 'vitest';
import { standbyCount } from './standby-count.ts';

describe('instances that stand by', () => {
  const plain = { atUs: 0, count: 0, forUs: 0, byUs: 0 };
  it.each([
    [[], 0],
    [[{ ...plain, kind: 'add', count: 2 }], 2],
    [[{ ...plain, kind: 'restart' }], 4],
    [
      [
        { ...plain, kind: 'add', count: 1 },
        { ...plain, kind: 'restart' },
      ],
      6,
    ],
    [
      [
        { ...plain, kind: 'restart' },
        { ...plain, kind: 'add', count: 1 },
      ],
      5,
    ],
    [[{ ...plain, kind: 'kill', count: 1 }], 0],
  ] as const)('for %j with a fleet of four: %i', (faults, expected) => {
    expect(standbyCount(faults, 4)).toBe(expected);
  });
});
