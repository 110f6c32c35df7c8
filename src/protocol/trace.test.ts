import { describe, expect, it } from 'vitest';
import { type Random, randomAt } from '../units/random.ts';
import { traceparent } from './trace.ts';

describe('a trace context', () => {
  it('is legal, and the same for the same seed and index', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 1000; index += 1) {
      const text = traceparent(randomAt(42, 'trace', index));
      expect(text).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(traceparent(randomAt(42, 'trace', index))).toBe(text);
      seen.add(text);
    }
    expect(seen.size).toBe(1000);
  });

  it('has no id of zeros alone', () => {
    const zeros: Random = { uint32: () => 0, next: () => 0, below: () => 0 };
    expect(traceparent(zeros)).not.toMatch(/-0+-/);
  });
});
