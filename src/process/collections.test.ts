import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { COLLECTION_STEP, watchCollections } from './collections.ts';

it('collections of garbage are told with their time', async () => {
  const collections = watchCollections();
  const before = Math.floor((performance.timeOrigin + performance.now()) / COLLECTION_STEP);
  const kept: object[] = [];
  while (collections().length === 0) {
    for (let made = 0; made < 100_000; made += 1) kept[made % 1000] = { made };
    // The observer is told of a collection in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const [step, us] of collections()) {
    expect(step).toBeGreaterThanOrEqual(before);
    expect(us).toBeGreaterThan(0);
  }
});
