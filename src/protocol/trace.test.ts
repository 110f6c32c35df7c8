import { describe, expect, it } from 'vitest';
import { traceContexts } from './trace.ts';

describe('trace contexts', () => {
  it('are legal, distinct, and the same for the same seed and call', () => {
    const [one, again, other] = [traceContexts(42), traceContexts(42), traceContexts(43)];
    const seen = new Set<string>();
    for (let seq = 0; seq < 1000; seq += 1) {
      expect(one(seq)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(one(seq)).not.toMatch(/-0+-/);
      expect(again(seq)).toBe(one(seq));
      expect(other(seq)).not.toBe(one(seq));
      seen.add(one(seq));
    }
    expect(seen.size).toBe(1000);
  });

  it('share the half of the trace id that is the run’s', () => {
    const trace = traceContexts(7);
    expect(trace(1).slice(0, 19)).toBe(trace(2).slice(0, 19));
    expect(trace(1).slice(19, 35)).not.toBe(trace(2).slice(19, 35));
  });
});
