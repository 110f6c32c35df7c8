import { describe, expect, it } from 'vitest';
import { traceContexts } from './trace.ts';

describe('trace contexts', () => {
  it('are valid, distinct, and the same for the same seed and call', () => {
    const [one, again, other] = [traceContexts(42), traceContexts(42), traceContexts(43)];
    const seen = new Set<string>();
    for (let seq = 0; seq < 1000; seq += 1) {
      expect(one.of(seq)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(one.of(seq)).not.toMatch(/-0+-/);
      expect(again.of(seq)).toBe(one.of(seq));
      expect(other.of(seq)).not.toBe(one.of(seq));
      seen.add(one.of(seq));
      const bytes = Buffer.from(`<${other.of(seq)}>`);
      other.patch(seq + 1, bytes, 1);
      expect(bytes.toString()).toBe(`<${other.of(seq + 1)}>`);
    }
    expect(seen.size).toBe(1000);
  });

  it('share the run’s half of the trace id', () => {
    const trace = traceContexts(7);
    expect(trace.of(1).slice(0, 19)).toBe(trace.of(2).slice(0, 19));
    expect(trace.of(1).slice(19, 35)).not.toBe(trace.of(2).slice(19, 35));
  });
});
