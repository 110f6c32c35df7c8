import { describe, expect, it } from 'vitest';
import {
  type ConnectionCounts,
  ConnectionTally,
  connections as measure,
} from '../../recording/measure/connections.ts';
import { mergeRepetitions, type Recording } from '../../recording/recording.ts';
import { compareVariants } from '../comparison/compare.ts';
import { Summary } from '../document.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { summarise } from '../summary/summarise.ts';

type Opened = Parameters<ConnectionTally['opened']>[0];

const full = (handshakeUs: number): Opened => ({ http: '2', connectUs: 50, handshakeUs, resumed: false });
const PLAIN: Opened = { http: '1.1', connectUs: 50 };

function recordingWith(before: readonly Opened[], measured: readonly Opened[]): Recording {
  const tally = new ConnectionTally();
  tally.begin(1);
  for (const one of before) tally.opened(one, 0);
  for (const one of measured) tally.opened(one, 1);
  const counts: ConnectionCounts = tally.counts();
  const recording = recordingOf([{ count: 100, responseUs: 1000 }]);
  return { ...recording, measures: { ...recording.measures, [measure.name]: counts } };
}

const figures = (...sides: Parameters<typeof recordingWith>) =>
  summarise(recordingWith(...sides)).connections;

describe('the figures of connections', () => {
  it('are those of the measured time where any was opened in it', () => {
    expect(figures([full(9000), full(9000)], [full(2000), { ...full(1000), resumed: true }])).toMatchObject({
      before: 2,
      measured: 2,
      http: { '2': 4 },
      handshakes: 2,
      resumed: 1,
      resumedShare: 0.5,
      connect: { count: 2, meanUs: 50 },
      handshake: { count: 2, meanUs: 1500, maxUs: 2000 },
    });
  });

  it('are those before it where none was', () => {
    expect(figures([full(9000)], [])).toMatchObject({
      before: 1,
      measured: 0,
      handshake: { count: 1, maxUs: 9000 },
    });
  });

  it('have no handshake without TLS, and are absent where no connection is known', () => {
    expect(figures([PLAIN], [PLAIN])).toMatchObject({
      http: { '1.1': 2 },
      handshake: null,
      resumedShare: null,
    });
    expect(figures([], [])).toBeUndefined();
    expect(summarise(recordingOf([])).connections).toBeUndefined();
  });

  it('fit the schema, with the histograms that thresholds are judged by', () => {
    const summary = summarise(mergeRepetitions([recordingWith([], [full(1)]), recordingWith([full(2)], [])]));
    expect(Summary.parse(summary).connections).toEqual(summary.connections);
    expect(summary.connections).toMatchObject({ before: 1, measured: 1, handshake: { maxUs: 1 } });
    expect(Object.keys(summary.histograms)).toEqual(
      expect.arrayContaining(['connections.connect', 'connections.handshake']),
    );
  });
});

describe('handshakes of two variants', () => {
  const variant = (name: string, sides: Parameters<typeof recordingWith>) =>
    variantOf(
      name,
      [1, 2, 3, 4].map(() => recordingWith(...sides)),
    );
  const many = (us: number) => Array.from({ length: 100 }, () => full(us));
  const compared = (base: Parameters<typeof recordingWith>, candidate: Parameters<typeof recordingWith>) =>
    compareVariants([variant('base', base), variant('candidate', candidate)]).filter(({ metric }) =>
      metric.startsWith('connections.'),
    );

  it('are compared where both opened connections in the measured time', () => {
    expect(compared([[], many(4000)], [[], many(1000)])).toMatchObject([
      { metric: 'connections.handshake.p50Us', verdict: 'better', ratio: expect.closeTo(0.25, 2) },
    ]);
  });

  it.each([
    ['has no TLS', [[], [PLAIN]]],
    ['opened its connections ahead of the load', [many(4000), []]],
    ['has no figures', [[], []]],
  ] as const)('are not compared where one %s', (_, side) => {
    expect(compared(side as never, [[], many(1000)])).toEqual([]);
    expect(compared([[], many(1000)], side as never)).toEqual([]);
  });
});
