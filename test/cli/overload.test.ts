/** @module Proves that a server which cannot keep up with the rate is judged, with the default pool of connections as with a large one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ResultDocument, type Summary, type VariantResult } from '../../src/result/document.ts';
import { type Ended, paceline, profileFile } from './paceline.ts';

/** One slot and a service time that make 100 calls a second, asked for 200. */
const QUEUE = `
fleet: { server: lean, instances: 1, tools: { concurrency: 1, work: 10ms } }`;

const profile = (more: string, load = ''): string =>
  profileFile(`
version: 1
title: overload
load: { rate: 200/s, warmup: 250ms, duration: 2s, agents: 8, workers: 1${load} }
calls: [{ tool: work }]
thresholds: ["p(99) < 50ms"]
${more}`);

/** By name, what is set in place of defaults. */
const LOADS = {
  'default connections': '',
  'many connections': ', load.connections: 3000',
  'a fixed pool': ', load.connections: 16, load.maxConnections: 16',
  'a limit of calls in flight': ', load.maxInFlight: 40',
};
type Load = keyof typeof LOADS;

const documentOf = ({ stdout }: Ended): ResultDocument => ResultDocument.parse(JSON.parse(stdout));

/** That every variant is said to have failed, and nothing is put down to the generator. */
function expectFailed({ stderr, code }: Ended, { verdict }: ResultDocument): void {
  expect(stderr).toContain('fell behind');
  expect(stderr).not.toContain('The load generator, not the server');
  expect({ code, status: verdict.status }).toEqual({ code: 3, status: 'fail' });
  for (const { status } of verdict.checks!) expect(status).toBe('fail');
}

function expectBehind({ repetitions, fellBehind }: VariantResult): void {
  expect(repetitions[0]!.generator).toMatchObject({ bound: false, reasons: [] });
  expect(fellBehind).toBe(true);
}

describe('a server of 100 calls a second, asked for 200', () => {
  let ended: Ended;
  let document: ResultDocument;
  beforeAll(async () => {
    const variants = Object.entries(LOADS).map(([name, load]) => `  - { name: ${name}${load} }`);
    const path = profile(`${QUEUE}\nrepetitions: 1\nvariants:\n${variants.join('\n')}`);
    ended = await paceline('run', path, '--json');
    document = documentOf(ended);
  });

  const measured = (name: Load): VariantResult & { readonly summary: Summary } => {
    const variant = document.variants.find((one) => one.name === name)!;
    expectBehind(variant);
    return { ...variant, summary: variant.summary! };
  };

  it('fails with each load', () => {
    expectFailed(ended, document);
    expect(document.verdict.checks!.map(({ variant }) => variant)).toEqual(Object.keys(LOADS));
  });

  it('has fallen behind with the default connections, and the pool grew', () => {
    const { repetitions, summary } = measured('default connections');
    const [{ generator, observations }] = repetitions as [(typeof repetitions)[number]];
    expect(generator.connections).toBeGreaterThan(64);
    expect(observations).toContainEqual(
      expect.objectContaining({ kind: 'pool-grew', from: 64, to: generator.connections }),
    );
    expect(summary.sendLag.p99Us).toBeLessThan(summary.responseTime.p99Us / 2);
  });

  it('has fallen behind with 3,000 connections', () => {
    expect(measured('many connections').repetitions[0]!.generator.connections).toBe(3000);
  });

  it('has fallen behind with a pool that may not grow: the wait for a connection is a figure of its own', () => {
    const { repetitions, summary } = measured('a fixed pool');
    expect(repetitions[0]!.generator.connections).toBe(16);
    const { connectionWait, responseTime } = summary;
    expect(connectionWait!.p99Us).toBeGreaterThan(responseTime.p99Us / 2);
  });

  it('has fallen behind when calls are dropped at the in-flight limit', () => {
    expect(measured('a limit of calls in flight').summary.calls.dropped).toBeGreaterThan(100);
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
    const path = profile(target, ', timeout: 500ms');
    const ended = await paceline('run', path, '--json', '--set', 'load.duration=1s');
    const document = documentOf(ended);
    expectFailed(ended, document);
    expectBehind(document.variants[0]!);
    expect(document.variants[0]!.summary!.calls.ok).toBe(0);
  });
});
