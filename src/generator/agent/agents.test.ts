import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { Driver, OpenStream, Reply } from '../../driver/driver.ts';
import { endpointOf } from '../../driver/endpoint.ts';
import { RequestBytes } from '../../driver/wire/request-bytes.ts';
import type { WireSocket } from '../../driver/wire/socket.ts';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { CallSettings } from '../../profile/settings.ts';
import { collectNow } from '../engine/collection.ts';
import { type AgentOptions, type Agents, createAgents } from './agents.ts';
import { Credentials } from './credentials.ts';

const STREAM: OpenStream = { close: () => undefined };

/** Answers every request at once, opens sessions, and keeps nothing. */
function answeringDriver(): Driver {
  let sessions = 0;
  const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } };
  return {
    send(_, onReply, keepBody) {
      const reply: Reply = {
        outcome: 'ok',
        detail: undefined,
        status: 200,
        sentUs: 0,
        firstByteUs: 0,
        doneUs: 0,
        servedBy: '1',
        sessionId: keepBody ? `0b54a2c1-7d0e-4f6b-9a77-${String(sessions++).padStart(12, '0')}` : undefined,
        serverTiming: undefined,
        body: keepBody ? JSON.stringify({ result }) : undefined,
      };
      queueMicrotask(() => onReply(reply));
    },
    open: () => STREAM,
    warm: async () => undefined,
    mostConnections: () => 1,
    close: async () => undefined,
  };
}

function agentsOf(era: Era, kinds: number, over: Partial<AgentOptions> = {}): Agents {
  const calls = Array.from(
    { length: kinds },
    (_, kind): CallSettings => ({
      name: `tools/call t${kind}`,
      method: 'tools/call',
      tool: `t${kind}`,
      arguments: { text: 'hello {{agent}}' },
      weight: 1,
    }),
  );
  return createAgents({
    era,
    calls,
    seed: 1,
    driver: answeringDriver(),
    headers: { 'X-Team': 'otters' },
    timeoutUs: 5e6,
    now: () => 0,
    measureFromUs: 0,
    ...over,
  });
}

/** The heap in use, without what is left of earlier work. */
async function usedBytes(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  collectNow('all');
  return getHeapStatistics().used_heap_size;
}

const AGENTS = 10_000;

/** A token of its own for each agent, as long as a signed one, of a dozen lengths. */
function tokenCredentials(): AgentOptions['credentials'] {
  const tokens = Array.from({ length: AGENTS }, (_, i) =>
    // One piece of memory, as the tokens are that a thread receives.
    Buffer.from(`${i}.${'x'.repeat(400 + (i % 12))}`, 'latin1').toString('latin1'),
  );
  const identities = [{ name: 'all', agents: AGENTS, expected: [] }];
  const auth = { scheme: 'Bearer', identities, tokens, perCall: false } as const;
  return { credentials: new Credentials(auth, { worker: 0, workers: 1 }) };
}

/** The memory of each of {@link AGENTS} agents that are open and have made a call of every kind, beside the token that they may have. */
async function bytesPerAgent(
  era: Era,
  kinds: number,
  credentials?: AgentOptions['credentials'],
  driver = answeringDriver(),
): Promise<number> {
  const indexes = Array.from({ length: AGENTS }, (_, index) => index);
  const agents = agentsOf(era, kinds, { credentials, driver });
  const before = await usedBytes();
  await agents.open(indexes);
  for (const agent of indexes) {
    for (let call = 0; call < kinds; call += 1) {
      const arrival = { seq: agent * kinds + call, dueUs: 0, agent, call };
      await new Promise((resolve) => agents.of(agent).call(arrival, resolve));
    }
  }
  const used = (await usedBytes()) - before;
  // Whatever is still to be used is not collected.
  await agents.close();
  return used / indexes.length;
}

describe('the agents of a worker', () => {
  it.each([
    ['stateless', 1],
    ['stateless', 20],
    ['sessions', 1],
    ['sessions', 20],
  ] as const)('take less than 1 KiB each: %s, %i kinds of calls', async (era, kinds) => {
    expect(await bytesPerAgent(era, kinds)).toBeLessThan(1024);
  });

  it.each([
    ['stateless', 1],
    ['stateless', 20],
    ['sessions', 1],
    ['sessions', 20],
  ] as const)('take less than 1 KiB each beside their tokens: %s, %i kinds of calls', async (era, kinds) => {
    expect(await bytesPerAgent(era, kinds, tokenCredentials())).toBeLessThan(1024);
  });

  it.each(['http', 'https'])('take no more when their requests have become bytes (%s)', async (scheme) => {
    const endpoint = endpointOf({ url: `${scheme}://h/mcp`, tls: { insecure: false } });
    const requests = new RequestBytes(endpoint);
    const socket = { write: () => true } as unknown as WireSocket;
    const driver = answeringDriver();
    const sending: Driver = {
      ...driver,
      send(request, ...rest) {
        requests.send(request, socket);
        driver.send(request, ...rest);
      },
    };
    expect(await bytesPerAgent('sessions', 4, tokenCredentials(), sending)).toBeLessThan(1024);
  });

  it.each(ERAS)('are one for each caller (%s)', (era) => {
    const agents = agentsOf(era, 1);
    expect(new Set([0, 1, 2, 1, 0].map((index) => agents.of(index))).size).toBe(3);
  });

  it.each([
    ['than there are connections, so that the pool does not grow', 40, 3, 3],
    ['than 16 of some', 200, 64, 16],
    ['than a thousandth of very many', 20_500, 64, 21],
    ['than there are connections, of very many', 20_500, 10, 10],
  ])('open no more sessions at the same time %s', async (_, count, connections, expected) => {
    let [underWay, most] = [0, 0];
    const answering = answeringDriver();
    const driver: Driver = {
      ...answering,
      send(request, onReply, keepBody) {
        underWay += 1;
        most = Math.max(most, underWay);
        const end = (reply: Reply): void => {
          underWay -= 1;
          onReply(reply);
        };
        setImmediate(() => answering.send(request, end, keepBody));
      },
    };
    const agents = agentsOf('sessions', 1, { driver, connections });
    await agents.open(Array.from({ length: count }, (_, index) => index));
    await agents.close();
    expect(most).toBe(expected);
  });

  it('are there only as far as they make calls', async () => {
    const opened: number[] = [];
    const agents = createAgents(
      {
        era: 'sessions',
        calls: [],
        seed: 1,
        driver: answeringDriver(),
        headers: {},
        timeoutUs: 1,
        now: () => 0,
        measureFromUs: 0,
      },
      (index) => {
        opened.push(index);
        return [];
      },
    );
    await agents.open([4, 2, 7]);
    agents.of(100_000);
    agents.of(2);
    await agents.close();
    expect(opened).toEqual([4, 2, 7, 100_000]);
  });
});
