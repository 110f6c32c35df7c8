/** @module autocannon as a client of the bench: its own run loop and statistics, one call repeated. */
import autocannon from 'autocannon';
import type { ScriptLoad } from './other-clients.ts';

const { url, headers, body, connections, seconds, warmupSeconds } = JSON.parse(
  process.argv[2]!,
) as ScriptLoad;

const load = { url, method: 'POST', headers: { ...headers }, body, connections } as const;
await autocannon({ ...load, duration: warmupSeconds });
const cpuBefore = process.cpuUsage();
const result = await autocannon({ ...load, duration: seconds });
const failed = result.errors + result.timeouts + result.non2xx;
const { user, system } = process.cpuUsage(cpuBefore);
const perSecond = result['2xx'] / result.duration;
process.stdout.write(JSON.stringify({ perSecond, failed, cpuUs: (user + system) / result['2xx'] }));
