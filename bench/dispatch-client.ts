/** @module undici's bare `dispatch` as a client of the bench: repeats one call and counts the answers. */
import { Client, type Dispatcher } from 'undici';
import { systemClock } from '../src/units/clock.ts';
import type { ScriptLoad } from './other-clients.ts';

const { url, headers, body, connections, seconds, warmupSeconds } = JSON.parse(
  process.argv[2]!,
) as ScriptLoad;

const { origin, pathname } = new URL(url);
const fromUs = systemClock.now() + warmupSeconds * 1e6;
const endUs = fromUs + seconds * 1e6;
const request = { path: pathname, method: 'POST', headers, body } as const;
let answered = 0;
let failed = 0;

function keepBusy(client: Client): Promise<void> {
  return new Promise((resolve) => {
    let good = false;
    const next = (): void => {
      const now = systemClock.now();
      if (now >= fromUs && now < endUs) {
        if (good) answered += 1;
        else failed += 1;
      }
      if (now < endUs) client.dispatch(request, handler);
      else resolve();
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: (_, status) => {
        good = status === 200;
      },
      onResponseData: () => {},
      onResponseEnd: () => next(),
      onResponseError: () => {
        good = false;
        setImmediate(next);
      },
    };
    client.dispatch(request, handler);
  });
}

const clients = Array.from({ length: connections }, () => new Client(origin, { pipelining: 1 }));
await Promise.all(clients.map(keepBusy));
await Promise.all(clients.map((client) => client.destroy()));
process.stdout.write(JSON.stringify({ perSecond: answered / seconds, failed }));
