import { expect, it } from 'vitest';

const done: string[] = [];

it('leaves what a test began to its end, also where another file has loaded the module', async () => {
  // Loaded within a test, as for the later files of a worker, it can add no hook of this file.
  const { atEnd } = await import('./peers.case.ts');
  atEnd(() => done.push('first'));
  atEnd(() => done.push('last'));
  expect(done).toEqual([]);
});

it('ends it before the next test, the last one first', () => expect(done).toEqual(['last', 'first']));
