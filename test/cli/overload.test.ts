/** @module Proves that a server which cannot keep up with the rate is judged, with the default pool of connections as with a large one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ResultDocument } from '../../src/result/document.ts';
import { type Ended, paceline, profileFile } from './paceline.ts';

/** One slot and a service time that make 100 calls a second, asked for 200. */
const QUEUE = `
fleet: { server: lean, instances: 1, tools: { concurrency: 1, work: 10ms } }`;

const profile = (load: string, more: string): string =>
  profileFile(`
version: 1
title: overload
load: { rate: 200/s, warmup: 250ms, duration: 2s, agents: 8, workers: 1${load} }
calls: [{ tool: work }]
thresholds: ["p(99) < 50ms"]
${more}`);

const document = ({ stdout }: Ended): ResultDocument => ResultDocument.parse(JSON.parse(stdout));

/** That the server is said to have fallen behind, and nothing is put down to the generator. */
function expectJudged(ended: Ended): ResultDocument['variants'][number] {
  const { variants, verdict } = document(ended);
  expect(variants[0]!.repetitions[0]!.generator).toMatchObject({ bound: false, reasons: [] });
  expect(variants[0]!.fellBehind).toBe(true);
  expect(ended.stderr).toContain('fell behind');
  expect(ended.stderr).not.toContain('The load generator, not the server');
  expect({ code: ended.code, status: verdict.status }).toEqual({ code: 3, status: 'fail' });
  return variants[0]!;
}

describe('a server of 100 calls a second, asked for 200', () => {
  it('has fallen behind with the default connections, and the pool grew', async () => {
    const { repetitions, summary } = expectJudged(await paceline('run', profile('', QUEUE), '--json'));
    const [{ generator, observations }] = repetitions as [(typeof repetitions)[number]];
    expect(generator.connections).toBeGreaterThan(64);
    expect(observations).toContainEqual(
      expect.objectContaining({ kind: 'pool-grew', from: 64, to: generator.connections }),
    );
    expect(summary!.sendLag.p99Us).toBeLessThan(summary!.responseTime.p99Us / 2);
  });

  it('has fallen behind with 3,000 connections', async () => {
    expectJudged(await paceline('run', profile(', connections: 3000', QUEUE), '--json'));
  });

  it('has fallen behind with a pool that may not grow: the wait for a connection is a figure of its own', async () => {
    const load = ', connections: 16, maxConnections: 16';
    const { repetitions, summary } = expectJudged(await paceline('run', profile(load, QUEUE), '--json'));
    expect(repetitions[0]!.generator.connections).toBe(16);
    const { connectionWait, responseTime } = summary!;
    expect(connectionWait!.p99Us).toBeGreaterThan(responseTime.p99Us / 2);
  });

  it('has fallen behind when calls are dropped at the in-flight limit', async () => {
    const { summary } = expectJudged(await paceline('run', profile(', maxInFlight: 40', QUEUE), '--json'));
    expect(summary!.calls.dropped).toBeGreaterThan(100);
  });
});

describe('a server that hangs', () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('has fallen behind: it answers what is asked before the load, and no call', async () => {
    const server = createServer((request, response) => {
      if (request.headers['mcp-method'] === 'tools/call') return;
      const text = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32601, message: 'no' } });
      response.writeHead(404, { 'content-type': 'application/json' }).end(text);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const target = `target: { url: "http://127.0.0.1:${port}/mcp", era: stateless }`;
    const { summary } = expectJudged(
      await paceline('run', profile(', timeout: 500ms', target), '--json', '--set', 'load.duration=1s'),
    );
    expect(summary!.calls.ok).toBe(0);
  });
});
