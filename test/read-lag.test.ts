/** @module Proves that a load thread which is kept busy reads answers late by its own estimate, and that an idle one does not. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../src/experiment/calibration/load.ts';
import { judgeGenerator } from '../src/experiment/generator.ts';
import { createShare } from '../src/generator/engine/share.ts';
import { summarise } from '../src/result/summary/summarise.ts';
import { systemClock } from '../src/units/clock.ts';

/** Answers every call after 10 ms, on a thread of its own. */
const SERVER = `
const { createServer } = require('node:http');
const { parentPort } = require('node:worker_threads');
createServer((request, response) => {
  let text = '';
  request.on('data', (part) => { text += part; });
  request.on('end', () => setTimeout(() => {
    const { id } = JSON.parse(text);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } }));
  }, 10));
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });
`;

const PERIOD_MS = 20;
const BUSY_MS = 15;

let server: Worker;
let url: string;

beforeAll(async () => {
  server = new Worker(SERVER, { eval: true });
  const [port] = (await once(server, 'message')) as [number];
  url = `http://127.0.0.1:${port}/mcp`;
});
afterAll(() => server.terminate());

/** Other work on the thread, for most of the time. */
function keepBusy(): () => void {
  const timer = setInterval(() => {
    const untilUs = systemClock.now() + BUSY_MS * 1000;
    while (systemClock.now() < untilUs);
  }, PERIOD_MS);
  return () => clearInterval(timer);
}

async function load(): Promise<ReturnType<typeof judgeGenerator>> {
  const spans = { warmupUs: 200_000, durationUs: 2e6 };
  const plan = planOf(url, 'wire', { kind: 'rate', perSecond: 200 }, spans);
  const share = await createShare({ ...plan, worker: 0, workers: 1 }, systemClock);
  await share.prepare();
  const result = await share.run(systemClock.now());
  return judgeGenerator(summarise(result.recording), result, plan.load, 1);
}

describe('a load thread', () => {
  it('that other work keeps busy reads answers late, and says so', async () => {
    const idle = await load();
    const stop = keepBusy();
    const busy = await load().finally(stop);
    const lagOf = ({ generator }: typeof idle): number => generator.readLag!.p50Us;
    expect(lagOf(busy)).toBeGreaterThan(2000);
    expect(lagOf(idle)).toBeLessThan(lagOf(busy) / 4);
    const said = [...busy.generator.reasons, ...busy.notes.map(({ kind }) => kind)];
    expect(said).toContainEqual(expect.stringMatching(/read.lag/));
  });
});
