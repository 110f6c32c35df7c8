/** @module node:http2 as a client of the bench: keeps as many requests under way on each connection as asked for, and counts the answers. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { systemClock } from '../src/units/clock.ts';
import type { ScriptLoad } from './other-clients.ts';

const load = JSON.parse(process.argv[2]!) as ScriptLoad;
const { url, headers, body, connections, seconds, warmupSeconds, streams = 1 } = load;

const { origin, pathname } = new URL(url);
const fromUs = systemClock.now() + warmupSeconds * 1e6;
const endUs = fromUs + seconds * 1e6;
const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
const head = { ':method': 'POST', ':path': pathname, ...Object.fromEntries(named) };
let answered = 0;
let failed = 0;
let cpuBefore: NodeJS.CpuUsage | undefined;

function keepBusy(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    const next = (): void => {
      const now = systemClock.now();
      if (now >= fromUs) cpuBefore ??= process.cpuUsage();
      if (now >= endUs) {
        resolve();
        return;
      }
      const stream = session.request(head);
      let good = false;
      stream.on('response', (fields) => {
        good = fields[':status'] === 200;
      });
      stream.on('error', () => {
        good = false;
      });
      stream.on('close', () => {
        const doneUs = systemClock.now();
        if (doneUs >= fromUs && doneUs < endUs) {
          if (good) answered += 1;
          else failed += 1;
        }
        next();
      });
      stream.resume();
      stream.end(body);
    };
    next();
  });
}

const sessions = Array.from({ length: connections }, () => connect(origin, { rejectUnauthorized: false }));
await Promise.all(sessions.map((session) => once(session, 'connect')));
await Promise.all(sessions.flatMap((session) => Array.from({ length: streams }, () => keepBusy(session))));
const { user, system } = process.cpuUsage(cpuBefore);
for (const session of sessions) session.destroy();
process.stdout.write(
  JSON.stringify({ perSecond: answered / seconds, failed, cpuUs: (user + system) / answered }),
);
