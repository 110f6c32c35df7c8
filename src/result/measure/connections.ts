/** @module The quantity `connections`: how many were opened, and what that took: TCP, and the handshake of TLS. */
import type { Series } from '../../recording/histogram.ts';
import {
  type ConnectionCounts,
  connections as measure,
  type OpenedCounts,
} from '../../recording/measure/connections.ts';
import { countsOf } from '../../recording/recording.ts';
import { ConnectionFigures } from './connection-figures.ts';
import { distribution, statisticOf } from './distribution.ts';
import type { Metric, PartTimes, Quantity } from './quantity.ts';

const openedIn = ({ connect }: OpenedCounts): number => connect.count;

/** The connections whose times count: those of the measured time; where none was opened in it, those before. */
const timedIn = ({ before, measured }: ConnectionCounts): OpenedCounts =>
  openedIn(measured) > 0 ? measured : before;

function figuresOf(counts: ConnectionCounts): ConnectionFigures {
  const { before, measured } = counts;
  const { resumed, connect, handshake } = timedIn(counts);
  const [http1, http2] = [before.http1 + measured.http1, before.http2 + measured.http2];
  return {
    before: openedIn(before),
    measured: openedIn(measured),
    http: { ...(http1 > 0 && { '1.1': http1 }), ...(http2 > 0 && { '2': http2 }) },
    handshakes: handshake.count,
    resumed,
    resumedShare: handshake.count === 0 ? null : resumed / handshake.count,
    connect: distribution(connect),
    handshake: handshake.count === 0 ? null : distribution(handshake),
    resent: counts.resent,
  };
}

const NO_CONNECTION = 'the driver told of no connection';
const NO_HANDSHAKE = 'no connection used TLS';

const handshakeAt = (name: string, key: 'p50Us' | 'p99Us'): Metric<ConnectionFigures> => ({
  name: `handshake_${name}`,
  key: `handshake.${key}`,
  label: `${name} handshake of TLS`,
  unit: 'time',
  better: 'lower',
  read: ({ handshake }) => handshake && statisticOf(handshake, key),
  absent: NO_HANDSHAKE,
});

const part = (key: 'connect' | 'handshake', absent: string): PartTimes<ConnectionFigures> => ({
  key,
  word: key,
  series(recording): Series | undefined {
    const counts = countsOf(recording, measure);
    return counts && timedIn(counts)[key];
  },
  read: (figures) => figures[key],
  absent,
  of: 'connections',
});

/** Whether it had handshakes during the load: those ahead of it, all at once, take longer. */
const hasMeasured = ({ measured, handshake }: ConnectionFigures): boolean =>
  measured > 0 && handshake !== null;

/** Absent where the driver does not tell of its connections, and from results of earlier versions. */
export const connections: Quantity<'connections', ConnectionFigures | undefined> = {
  name: 'connections',
  schema: ConnectionFigures.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts === undefined || openedIn(timedIn(counts)) === 0 ? undefined : figuresOf(counts);
  },
  metrics: [
    {
      name: 'connections_opened',
      key: 'measured',
      label: 'connections opened in the measured time',
      unit: 'count',
      better: 'lower',
      read: ({ measured }) => measured,
      absent: NO_CONNECTION,
    },
    {
      ...handshakeAt('p50', 'p50Us'),
      compared: 'always',
      comparable: (base, candidate) => hasMeasured(base) && hasMeasured(candidate),
    },
    handshakeAt('p99', 'p99Us'),
    {
      name: 'resumed_share',
      key: 'resumedShare',
      label: 'share of handshakes that resumed a session of TLS',
      unit: 'fraction',
      better: 'higher',
      read: ({ resumedShare }) => resumedShare,
      absent: NO_HANDSHAKE,
    },
    {
      name: 'calls_resent',
      key: 'resent',
      label: 'calls sent again that the server had not processed',
      unit: 'count',
      better: 'lower',
      read: ({ resent }) => resent,
      absent: NO_CONNECTION,
    },
  ],
  parts: [part('connect', NO_CONNECTION), part('handshake', NO_HANDSHAKE)],
};
