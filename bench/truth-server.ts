/** @module A server with exactly known service times, in its own process. */
import { createServer } from 'node:http';
import { type Served, serveParent } from '../src/process/serve.ts';
import { clampTime, decodeHistogram, percentileOf, Tally } from '../src/recording/histogram.ts';
import { listen } from '../src/server/instance.ts';
import { systemClock } from '../src/units/clock.ts';
import { type Behaviour, type Lateness, serviceTimes } from './truth-theory.ts';

serveParent(async (behaviour: Behaviour): Promise<Served<{ readonly port: number }>> => {
  const next = serviceTimes(behaviour);
  const late = new Tally();
  const agenda = new Agenda();
  const server = createServer((request, response) => {
    const arrivedUs = systemClock.now();
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(parts).toString()) as { readonly id: number };
      const body = JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } });
      const takesUs = next();
      const answer = (): void => {
        late.record(clampTime(systemClock.now() - arrivedUs - takesUs));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
        response.end(body);
      };
      if (takesUs === 0) answer();
      else agenda.add(arrivedUs + takesUs, answer);
    });
  });
  server.keepAliveTimeout = 3_600_000;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const port = await listen(server);
  if (behaviour.kind === 'freezing') freeze(behaviour, systemClock.now());
  return {
    ready: { port },
    ask: async (): Promise<Lateness> => {
      const histogram = decodeHistogram(late.series().histogram);
      return { p50Us: percentileOf(histogram, 50), p99Us: percentileOf(histogram, 99) };
    },
  };
});

/** A schedule of actions with one timer for all. Hundreds of timers that spin at once would make the server late. */
class Agenda {
  readonly #entries: { readonly atUs: number; readonly act: () => void }[] = [];
  #cancel: () => void = () => undefined;

  add(atUs: number, act: () => void): void {
    let index = this.#entries.length;
    while (index > 0 && this.#entries[index - 1]!.atUs > atUs) index -= 1;
    this.#entries.splice(index, 0, { atUs, act });
    if (index === 0) this.#wait();
  }

  #wait(): void {
    this.#cancel();
    const [next] = this.#entries;
    if (next === undefined) return;
    this.#cancel = systemClock.at(next.atUs, () => {
      this.#entries.shift();
      this.#wait();
      next.act();
    });
  }
}

/** Stops the whole process for `freezeUs` at the beginning of every period, as a long garbage collection would. */
function freeze(behaviour: Extract<Behaviour, { kind: 'freezing' }>, atUs: number): void {
  systemClock.at(atUs, () => {
    const leftMs = (atUs + behaviour.freezeUs - systemClock.now()) / 1000;
    if (leftMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, leftMs);
    freeze(behaviour, atUs + behaviour.everyUs);
  });
}
