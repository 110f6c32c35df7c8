/** @module Proves that a layer is a new file and a line: two of them, a cache and an identity, around the agents of both eras. */
import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { CallSettings } from '../../profile/settings.ts';
import { type HeaderFields, headerFields } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import { sessions } from '../../recording/measure/sessions.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import type { Clock } from '../../units/clock.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { type Agents, createAgents } from './agents.ts';
import type { CallEnd, Caller, Layer } from './caller.ts';
import { layersOf } from './layers.ts';

/** Every request of the agent carries its token. Below the session, whose own requests need it too. */
function identityLayer(agent: number): Layer {
  const fields: HeaderFields = headerFields([['Authorization', `Bearer t${agent}`]]);
  return (next): Caller => ({
    open: () => next.open(),
    send: (request, onEnd, keepBody) => next.send(request.plus(fields), onEnd, keepBody),
    listen: (request, listener) => next.listen(request.plus(fields), listener),
    close: () => next.close(),
  });
}

/** Lists are asked for once. Above the session: an answer from the cache needs none. */
function cacheLayer(clock: Clock): Layer {
  const kept = new Map<string, CallEnd>();
  return (next): Caller => ({
    open: () => next.open(),
    send: (request, onEnd, keepBody) => {
      const { method, name = '' } = request.operation;
      if (method !== 'tools/list') {
        next.send(request, onEnd, keepBody);
        return;
      }
      const key = `${method} ${name}`;
      const hit = kept.get(key);
      if (hit === undefined) {
        const onAnswer = (end: CallEnd): void => {
          kept.set(key, { ...end });
          onEnd(end);
        };
        next.send(request, onAnswer, true);
      } else {
        const now = clock.now();
        clock.at(now, () => onEnd({ ...hit, sentUs: now, firstByteUs: now, doneUs: now }));
      }
    },
    listen: (request, listener) => next.listen(request, listener),
    close: () => next.close(),
  });
}

const CALLS: readonly CallSettings[] = [
  { name: 'tools/list', method: 'tools/list', weight: 1 },
  { name: 'tools/call echo', method: 'tools/call', tool: 'echo', arguments: { text: '{{seq}}' }, weight: 1 },
];

/** A server of either era; each answer says how many came before it. */
function server(): (request: Request) => Treatment {
  let answers = 0;
  return ({ body }) => {
    answers += 1;
    if (!body.includes('"initialize"')) return { takesUs: 1000, servedBy: '1', body: `answer ${answers}` };
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      serverInfo: { name: 'x', version: '1' },
    };
    return { takesUs: 1000, servedBy: '1', sessionId: `s${answers}`, body: JSON.stringify({ result }) };
  };
}

interface Bench {
  readonly clock: VirtualClock;
  readonly driver: SimulatedDriver;
  readonly agents: Agents;
  readonly tallies: Tallies;
}

function bench(era: Era): Bench {
  const clock = new VirtualClock();
  const driver = simulatedDriver(clock, server());
  const tallies = new Tallies({ era });
  const options = {
    era,
    calls: CALLS,
    seed: 1,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs: 0,
    tallies,
  };
  const own = layersOf(options);
  const agents = createAgents(options, (agent) => [identityLayer(agent), ...own(agent), cacheLayer(clock)]);
  return { clock, driver, agents, tallies };
}

const header = ({ head }: Request, name: string): readonly string[] =>
  head.headers.filter((_, i) => i % 2 === 1 && head.headers[i - 1]!.toLowerCase() === name);

const kindOf = ({ head, body }: Request): string =>
  head.method === 'POST' ? (JSON.parse(body) as { method: string }).method : head.method;

describe.each(ERAS)('layers around an agent (%s)', (era) => {
  /** Agents 0 and 1 list, list again and call, one after the other; then they close. */
  const run = async (): Promise<Bench & { readonly ends: readonly CallEnd[] }> => {
    const { clock, driver, agents, tallies } = bench(era);
    const ends: CallEnd[] = [];
    for (const [seq, call] of [0, 0, 1, 0, 0, 1].entries()) {
      const arrival = { seq, dueUs: clock.now(), agent: seq < 3 ? 0 : 1, call };
      let within = true;
      agents.of(arrival.agent).call(arrival, (end) => {
        expect(within).toBe(false);
        ends.push(end);
      });
      within = false;
      await clock.run();
    }
    await Promise.all([agents.close(), clock.run()]);
    return { clock, driver, agents, tallies, ends };
  };

  it('answer calls without the wire', async () => {
    const { driver, ends } = await run();
    expect(ends.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
    expect(ends.map(({ sentUs, doneUs }) => doneUs - sentUs)).toEqual([1000, 0, 1000, 1000, 0, 1000]);
    expect(ends[1]!.body).toBe(ends[0]!.body);
    expect(ends[4]!.body).toBe(ends[3]!.body);
    const lists = driver.sent.filter(({ request }) => kindOf(request) === 'tools/list');
    expect(lists).toHaveLength(2);
  });

  it('add header fields to every request of their agent, its handshake and its streams included', async () => {
    const { driver } = await run();
    const requests = [...driver.sent, ...driver.streams].map(({ request }) => request);
    const ofAgent = (agent: number): readonly string[] =>
      requests
        .filter((request) => header(request, 'authorization').join() === `Bearer t${agent}`)
        .map(kindOf)
        .sort();
    const wanted = {
      stateless: ['tools/call', 'tools/list'],
      sessions: ['DELETE', 'GET', 'initialize', 'notifications/initialized', 'tools/call', 'tools/list'],
    };
    expect([ofAgent(0), ofAgent(1)]).toEqual([wanted[era], wanted[era]]);
    expect(requests).toHaveLength(2 * wanted[era].length);
  });

  it('leave to the other layers what is theirs', async () => {
    const { driver, tallies } = await run();
    const ids = driver.sent.flatMap(({ request }) => header(request, 'mcp-session-id'));
    expect(new Set(ids).size).toBe(era === 'sessions' ? 2 : 0);
    expect(tallies.of(sessions)?.opened).toBe(era === 'sessions' ? 2 : undefined);
  });
});
