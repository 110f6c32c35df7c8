import { describe, expect, it } from 'vitest';
import { decodeHistogram } from '../histogram.ts';
import { type ConnectionCounts, ConnectionTally, connections } from './connections.ts';

const PLAIN = { http: '1.1', connectUs: 100 } as const;
const FULL = { http: '2', connectUs: 200, handshakeUs: 3000, resumed: false } as const;
const RESUMED = { ...FULL, handshakeUs: 1000, resumed: true } as const;

function countsAt(...opened: readonly (readonly [number, Parameters<ConnectionTally['opened']>[0]])[]) {
  const tally = new ConnectionTally();
  const early = opened.filter(([atUs]) => atUs < 500);
  for (const [atUs, one] of early) tally.opened(one, atUs);
  tally.begin(1000);
  for (const [atUs, one] of opened.filter(([atUs]) => atUs >= 500)) tally.opened(one, atUs);
  return tally.counts();
}

describe('connections', () => {
  it('are counted by version, by resumption, and by when they were opened', () => {
    const counts = countsAt([0, PLAIN], [0, FULL], [600, FULL], [1000, RESUMED], [2000, PLAIN]);
    expect(counts.before).toMatchObject({
      http1: 1,
      http2: 2,
      resumed: 0,
      connect: { count: 3, totalUs: 500 },
    });
    expect(counts.before.handshake).toMatchObject({ count: 2, totalUs: 6000, maxUs: 3000 });
    expect(counts.measured).toMatchObject({ http1: 1, http2: 1, resumed: 1 });
    expect(counts.measured.handshake).toMatchObject({ count: 1, totalUs: 1000 });
  });

  it('of a load that never begins are all before the measured time', () => {
    const tally = new ConnectionTally();
    tally.opened(PLAIN, 1e9);
    expect(tally.counts()).toMatchObject({ before: { http1: 1 }, measured: { http1: 0 } });
  });

  it('count the calls sent again in the measured time', () => {
    const [early, late] = [new ConnectionTally(), new ConnectionTally()];
    early.resent(999);
    for (const tally of [early, late]) tally.begin(1000);
    for (const atUs of [999, 1000, 2000]) late.resent(atUs);
    expect(early.counts().resent).toBe(0);
    expect(connections.merge([early.counts(), late.counts()]).resent).toBe(2);
  });

  it('of several workers are those that one would have counted', () => {
    const [a, b] = [countsAt([0, FULL], [2000, RESUMED]), countsAt([0, PLAIN], [2000, FULL])];
    const merged: ConnectionCounts = connections.merge([a, b]);
    const one = countsAt([0, FULL], [0, PLAIN], [2000, RESUMED], [2000, FULL]);
    for (const when of ['before', 'measured'] as const) {
      const { connect, handshake, ...rest } = merged[when];
      expect(rest).toEqual({ http1: one[when].http1, http2: one[when].http2, resumed: one[when].resumed });
      expect(connect.totalUs).toBe(one[when].connect.totalUs);
      expect(decodeHistogram(handshake.histogram).totalCount).toBe(one[when].handshake.count);
    }
  });
});
