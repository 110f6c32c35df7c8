import { cachedDataVersionTag } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { withoutOptimiser } from './optimiser.ts';

describe('work without the optimiser', () => {
  // The tag is made from the flags that are set.
  const atFirst = cachedDataVersionTag();

  it('has other flags than what comes after it', async () => {
    const during = await withoutOptimiser(async () => cachedDataVersionTag());
    expect(during).not.toBe(atFirst);
    expect(cachedDataVersionTag()).toBe(atFirst);
  });

  it('that overlaps other work leaves the flags alone until both have ended', async () => {
    let end = (): void => {};
    const long = withoutOptimiser(() => new Promise<void>((resolve) => (end = resolve)));
    await withoutOptimiser(async () => {});
    expect(cachedDataVersionTag()).not.toBe(atFirst);
    end();
    await long;
    expect(cachedDataVersionTag()).toBe(atFirst);
  });

  it('restores the flags when it fails', async () => {
    await expect(withoutOptimiser(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(cachedDataVersionTag()).toBe(atFirst);
  });
});
