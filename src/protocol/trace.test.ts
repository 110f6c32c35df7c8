import { describe, expect, it } from 'vitest';
import { traceContexts, traceIdOf } from './trace.ts';

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

  it('lead back to their call, and those of another run do not', () => {
    const [trace, other] = [traceContexts(7), traceContexts(8)];
    const ids = [0, 1, 999_999, 2 ** 32 - 1].map((seq) => trace.of(seq).slice(3, 35));
    expect(ids.map((id) => trace.callOf(id))).toEqual([0, 1, 999_999, 2 ** 32 - 1]);
    expect(ids.map((id) => other.callOf(id))).toEqual([undefined, undefined, undefined, undefined]);
    const of = ids[0]!;
    const changed = Array.from(
      of,
      (digit, at) => of.slice(0, at) + (digit === '0' ? '1' : '0') + of.slice(at + 1),
    );
    expect(changed.filter((id) => trace.callOf(id) === 0)).toEqual([]);
  });

  it.each([
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['4BF92F3577B34DA6A3CE929D0E0E4736', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['4bf92f3577b34da6a3ce929d0e0e473', undefined],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n', undefined],
    ['', undefined],
  ])('have an id: %j', (text, id) => expect(traceIdOf(text)).toBe(id));
});
