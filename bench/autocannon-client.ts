/** @module autocannon itself as a client of the bench: its own run loop and statistics, the same call again and again. */
import autocannon from 'autocannon';

const { url, headers, body, connections, seconds, warmupSeconds } = JSON.parse(process.argv[2]!) as {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
};

const load = { url, method: 'POST', headers, body, connections } as const;
await autocannon({ ...load, duration: warmupSeconds });
const result = await autocannon({ ...load, duration: seconds });
const failed = result.errors + result.timeouts + result.non2xx;
process.stdout.write(JSON.stringify({ perSecond: result['2xx'] / result.duration, failed }));
