/** @module The quantity `connectionWait`: how long calls waited for a connection. It is part of the response time, and no send lag. */
import { emptySeries } from '../../recording/histogram.ts';
import { connectionWait as measure } from '../../recording/measure/connection-wait.ts';
import { countsOf } from '../../recording/recording.ts';
import { Distribution } from './distribution.ts';
import type { Quantity } from './quantity.ts';
import { timesQuantity } from './times.ts';

const waits = timesQuantity(
  'connectionWait',
  'connection wait',
  {
    series: (recording) => countsOf(recording, measure) ?? emptySeries(),
    word: 'connection_wait',
    isDefault: false,
    byCall: false,
    isOfTheRun: false,
  },
  {
    p50Us: {
      column: { head: 'connection wait p50', in: 'results', shownFor: ({ p50Us }) => p50Us > 0 },
    },
    p99Us: { column: { head: 'connection wait p99', in: 'results' } },
  },
);

/** Absent from results of earlier versions, in which it was part of the send lag. */
export const connectionWait: Quantity<'connectionWait', Distribution | undefined> = {
  ...waits,
  schema: Distribution.optional(),
  figures: (recording, totals) =>
    countsOf(recording, measure) === undefined ? undefined : waits.figures(recording, totals),
  note: 'Connection wait: the time until a connection had room for the call, because all of them were busy or one had to be set up (TCP, TLS). It includes attempts that the server refused and the call was sent again after (HTTP/2), and with the driver undici the time of its own queue. It is part of the response time.',
};
