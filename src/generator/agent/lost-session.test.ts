/** @module Proves over real sockets which answers make an agent open a new session: 404, and what other servers say in its place. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createWireDriver } from '../../driver/wire/wire.ts';
import { type SessionCounts, sessions } from '../../recording/measure/sessions.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { systemClock } from '../../units/clock.ts';
import { type Agents, createAgents } from './agents.ts';

/** How a server turns away an id that it does not know. */
interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Mints sessions, and knows only the ones in `known`. */
function sessionServer(refusal: Refusal, known: Set<string>): Server {
  let minted = 0;
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { id, method } = (body === '' ? {} : JSON.parse(body)) as { id?: unknown; method?: string };
      const json = (status: number, value: object): void => {
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', ...value }));
      };
      if (method === 'initialize') {
        minted += 1;
        known.add(`s${minted}`);
        response.setHeader('mcp-session-id', `s${minted}`);
        const serverInfo = { name: 'x', version: '1' };
        json(200, { id, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo } });
      } else if (method === 'notifications/initialized') response.writeHead(202).end();
      else if (request.method !== 'POST') response.writeHead(405).end();
      else if (known.has(String(request.headers['mcp-session-id']))) json(200, { id, result: { tools: [] } });
      else json(refusal.status, { id: null, error: { code: refusal.code, message: refusal.message } });
    });
  });
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function agentsAt(server: Server, tallies: Tallies): Promise<Agents> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const driver = createWireDriver({
    url: `http://127.0.0.1:${port}/mcp`,
    connections: 1,
    timeoutUs: 5e6,
    checkIds: true,
    clock: systemClock,
    instanceHeader: 'x-served-by',
    tls: { insecure: false },
  });
  ends.push(() => driver.close());
  return createAgents({
    era: 'sessions',
    tallies,
    calls: [{ name: 'tools/list', method: 'tools/list', weight: 1 }],
    seed: 1,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => systemClock.now(),
    measureFromUs: 0,
  });
}

/** Outcomes of three calls of one agent, and what was counted; its session is forgotten after the first. */
async function callsAcrossLoss(refusal: Refusal): Promise<[readonly string[], SessionCounts]> {
  const known = new Set<string>();
  const tallies = new Tallies({ era: 'sessions' });
  const agents = await agentsAt(sessionServer(refusal, known), tallies);
  const outcomes: string[] = [];
  for (const seq of [0, 1, 2]) {
    const arrival = { seq, dueUs: systemClock.now(), agent: 0, call: 0 };
    outcomes.push(
      await new Promise((resolve) => agents.of(0).call(arrival, ({ outcome }) => resolve(outcome))),
    );
    if (seq === 0) known.clear();
  }
  return [outcomes, tallies.of(sessions)!.counts()];
}

describe('an agent whose session a server has forgotten', () => {
  it.each<Refusal>([
    { status: 404, code: -32001, message: 'Session not found' },
    { status: 400, code: -32000, message: 'Bad Request: No valid session ID provided' },
    { status: 400, code: -32001, message: 'Session not found' },
    { status: 400, code: -32000, message: 'Bad Request: Server not initialized' },
    { status: 400, code: -32600, message: 'Bad Request: No valid session ID provided' },
    { status: 401, code: -32001, message: 'Unauthorized: Session not found' },
  ])('starts over after $status, $code $message', async (refusal) => {
    const [outcomes, counts] = await callsAcrossLoss(refusal);
    expect(outcomes).toEqual(['ok', 'session-lost', 'ok']);
    expect(counts).toMatchObject({ opened: 2, lost: 1, reinitialised: 1 });
  });

  it.each<Refusal>([
    { status: 400, code: -32000, message: 'Bad Request: Not understood' },
    { status: 400, code: -32602, message: 'Invalid session' },
  ])('keeps its session after $status, $code $message', async (refusal) => {
    const [outcomes, counts] = await callsAcrossLoss(refusal);
    expect(outcomes).toEqual(['ok', 'rpc-error', 'rpc-error']);
    expect(counts).toMatchObject({ opened: 1, lost: 0, reinitialised: 0 });
  });
});
