import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { CallSettings } from '../../profile/settings.ts';
import type { Request } from '../../protocol/request.ts';
import { type SessionCounts, sessions as sessionsMeasure } from '../../recording/measure/sessions.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { drawAt, hash32 } from '../../units/random.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { Arrival } from '../schedule/schedule.ts';
import { type Agents, createAgents } from './agents.ts';
import type { CallEnd } from './caller.ts';
import type { ForeignServer } from './foreign-server.ts';

const CALLS: readonly CallSettings[] = [
  { name: 'tools/call echo', method: 'tools/call', tool: 'echo', arguments: { text: 'x' }, weight: 1 },
];

const header = (request: Request, name: string): string | undefined => {
  const at = request.head.headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : request.head.headers[at + 1];
};

/** Session servers "1".."n" that forget nothing; `route` says which one a request reaches. */
function sessionFleet(route: (request: Request, index: number) => number): (request: Request) => Treatment {
  const owners = new Map<string, number>();
  let requests = 0;
  return (request) => {
    const instance = route(request, requests++);
    const servedBy = String(instance);
    if (request.body.includes('"initialize"')) {
      const sessionId = `s${owners.size + 1}`;
      owners.set(sessionId, instance);
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        serverInfo: { name: 'x', version: '1' },
      };
      return { takesUs: 1000, servedBy, sessionId, body: JSON.stringify({ jsonrpc: '2.0', id: 1, result }) };
    }
    const owned = owners.get(header(request, 'mcp-session-id') ?? '') === instance;
    return owned
      ? { takesUs: 1000, servedBy }
      : { takesUs: 500, servedBy, status: 404, outcome: 'session-lost' };
  };
}

interface Bench {
  readonly clock: VirtualClock;
  readonly driver: SimulatedDriver;
  readonly agents: Agents;
  /** What was counted so far. */
  sessions(): SessionCounts;
  call(agent: number, seq: number): Promise<CallEnd>;
}

function bench(treat: (request: Request) => Treatment, measureFromUs = 0, foreign?: ForeignServer): Bench {
  const clock = new VirtualClock();
  const driver = simulatedDriver(clock, treat);
  const tallies = new Tallies({ era: 'sessions' });
  const agents = createAgents({
    era: 'sessions',
    tallies,
    calls: CALLS,
    seed: 1,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs,
    foreign,
  });
  const call = (agent: number, seq: number): Promise<CallEnd> => {
    const arrival: Arrival = { seq, dueUs: clock.now(), agent, call: 0 };
    return new Promise((resolve) => agents.of(agent).call(arrival, resolve));
  };
  return { clock, driver, agents, sessions: () => tallies.of(sessionsMeasure)!.counts(), call };
}

const kinds = (driver: SimulatedDriver): readonly string[] =>
  driver.sent.map(({ request }) =>
    request.head.method === 'POST'
      ? (JSON.parse(request.body) as { method: string }).method
      : request.head.method,
  );

describe('an agent with sessions', () => {
  it('opens a session and its stream before its first call, and ends the session when it closes', async () => {
    const { clock, driver, agents, call, sessions } = bench(sessionFleet(() => 1));
    const end = call(0, 0);
    await clock.run();
    expect((await end).outcome).toBe('ok');
    const closing = agents.close();
    await clock.run();
    await closing;
    expect(kinds(driver)).toEqual(['initialize', 'notifications/initialized', 'tools/call', 'DELETE']);
    expect(driver.sent.slice(1).map(({ request }) => header(request, 'mcp-session-id'))).toEqual([
      's1',
      's1',
      's1',
    ]);
    expect(driver.streams).toHaveLength(1);
    expect(driver.streams[0]!.closed).toBe(true);
    expect(sessions()).toMatchObject({
      opened: 1,
      lost: 0,
      streamsOpened: 1,
      ownerHits: 1,
      ownerCalls: 1,
    });
  });

  it('takes over the session that was opened before the load, if it is the first of the agents', async () => {
    const session = { id: 's0', protocolVersion: '2025-06-18', servedBy: '1', setCookies: [] };
    const known = (): Treatment => ({ takesUs: 1000, servedBy: '1' });
    const minting = sessionFleet(() => 1);
    const treat = (request: Request): Treatment =>
      (header(request, 'mcp-session-id') === 's0' ? known : minting)(request);
    const { clock, driver, agents, sessions } = bench(treat, 0, { tools: [], session });
    const opening = agents.open([0, 1]);
    await clock.run();
    await opening;
    const closing = agents.close();
    await clock.run();
    await closing;
    const sent = driver.sent.map(
      ({ request }, at) => `${kinds(driver)[at]} ${header(request, 'mcp-session-id')}`,
    );
    expect(sent.filter((line) => line.endsWith('s0'))).toEqual(['notifications/initialized s0', 'DELETE s0']);
    expect(kinds(driver).filter((kind) => kind === 'initialize')).toHaveLength(1);
    expect(sessions()).toMatchObject({ opened: 2, failed: 0, streamsOpened: 2 });
    const [first] = driver.sent;
    expect(header(first!.request, 'mcp-protocol-version')).toBe('2025-06-18');
  });

  it('numbers its own requests as official clients do: with integers, apart from those of calls', async () => {
    const { clock, driver, call } = bench(sessionFleet((_, index) => 1 + (index % 2)));
    const first = call(0, 0);
    await clock.run();
    await first;
    const ids = driver.sent.flatMap(
      ({ request }) => (JSON.parse(request.body || '{}') as { id?: number }).id ?? [],
    );
    expect(ids.every((id) => Number.isInteger(id) && id < 2 ** 31)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(2);
  });

  it('makes calls that wait for the handshake in one session, and counts the wait as theirs', async () => {
    const { clock, driver, call } = bench(sessionFleet(() => 1));
    const ends = [call(0, 0), call(0, 1)];
    await clock.run();
    const [first, second] = await Promise.all(ends);
    expect(kinds(driver).filter((kind) => kind === 'initialize')).toHaveLength(1);
    expect([first!.begunUs, second!.begunUs]).toEqual([0, 0]);
    expect(first!.doneUs).toBe(3000);
  });

  it('opens the sessions of many agents before the load, a bounded number at a time', async () => {
    const { clock, driver, agents, sessions } = bench(sessionFleet(() => 1));
    const opened = agents.open(Array.from({ length: 40 }, (_, index) => index));
    await clock.run();
    await opened;
    expect(sessions().opened).toBe(40);
    expect(driver.sent.filter(({ atUs }) => atUs === 0)).toHaveLength(16);
  });

  it('loses a session once when several of its calls meet 404, and starts one new session', async () => {
    let lost = false;
    const { clock, agents, call, driver, sessions } = bench(
      sessionFleet((request) => (lost && header(request, 'mcp-session-id') === 's1' ? 2 : 1)),
    );
    await Promise.all([agents.open([0]), clock.run()]);
    lost = true;
    const ends = [call(0, 0), call(0, 1), call(0, 2)];
    await clock.run();
    expect((await Promise.all(ends)).map(({ outcome }) => outcome)).toEqual([
      'session-lost',
      'session-lost',
      'session-lost',
    ]);
    const { handshakes } = sessions();
    // Two sessions of two requests each, 1 ms apiece; the first before the load, the second opened by the calls' 404.
    expect(handshakes).toMatchObject({
      requests: 2,
      timeUs: 2000,
      waitedUs: 0,
      before: { requests: 2, timeUs: 2000 },
      reopen: { count: 1, maxUs: 2000 },
    });
    const after = call(0, 3);
    await clock.run();
    expect((await after).outcome).toBe('ok');
    expect(sessions()).toMatchObject({
      opened: 2,
      lost: 1,
      reinitialised: 1,
      ownerHits: 1,
      ownerCalls: 2,
      callsOnOwner: 1,
      callsInSession: 4,
    });
    expect(kinds(driver).filter((kind) => kind === 'initialize')).toHaveLength(2);
  });

  it('keeps its session when only the handshake notification or the stream reached another instance', async () => {
    const toOther = (request: Request): boolean =>
      request.head.method === 'GET' || request.body.includes('notifications/initialized');
    const { clock, call, sessions } = bench(sessionFleet((request) => (toOther(request) ? 2 : 1)));
    const end = call(0, 0);
    await clock.run();
    expect((await end).outcome).toBe('ok');
    expect(sessions()).toMatchObject({ opened: 1, lost: 0, handshakesBroken: 1, streamsRefused: 1 });
  });

  const ownersBehind = async (route: (request: Request, index: number) => number): Promise<SessionCounts> => {
    const { clock, call, sessions } = bench(sessionFleet(route));
    for (let seq = 0; seq < 2000; seq += 1) {
      const end = call(Math.floor(drawAt(1, seq) * 50), seq);
      await clock.run();
      await end;
    }
    return sessions();
  };

  it('reaches the owner of one session in n behind a balancer that does not look', async () => {
    const { ownerHits, ownerCalls } = await ownersBehind((_, index) => 1 + Math.floor(drawAt(2, index) * 4));
    expect(ownerHits / ownerCalls).toBeCloseTo(0.25, 1);
  });

  it('reaches the owner of one session in n behind a hash of the session id, though lucky sessions then stay', async () => {
    const counts = await ownersBehind((request, index) => {
      const id = header(request, 'mcp-session-id');
      return 1 + Math.floor(drawAt(3, id === undefined ? index : hash32(id)) * 4);
    });
    expect(counts.ownerHits / counts.ownerCalls).toBeCloseTo(0.25, 1);
    expect(counts.callsOnOwner / counts.callsInSession).toBeGreaterThan(0.8);
  });

  it('hands the failure of initialize to the calls that waited for it, and tries again for the next', async () => {
    let up = false;
    const fleet = sessionFleet(() => 1);
    const { clock, call, sessions } = bench((request) =>
      up ? fleet(request) : { takesUs: 100, outcome: 'refused', detail: 'ECONNREFUSED' },
    );
    const first = call(0, 0);
    await clock.run();
    expect(await first).toMatchObject({ outcome: 'refused', detail: 'initialize: ECONNREFUSED' });
    up = true;
    const second = call(0, 1);
    await clock.run();
    expect((await second).outcome).toBe('ok');
    expect(sessions()).toMatchObject({ opened: 1, failed: 1, lost: 0 });
  });

  it('counts a session by its first call, also one due in the warm-up, and calls only when measured', async () => {
    const { clock, call, sessions } = bench(
      sessionFleet(() => 1),
      1e6,
    );
    const end = call(0, 0);
    await clock.run();
    await end;
    expect(sessions()).toMatchObject({
      opened: 1,
      ownerHits: 1,
      ownerCalls: 1,
      callsInSession: 0,
    });
  });

  it('counts handshakes of measured calls apart from earlier ones, and the time that calls waited for them', async () => {
    const forgotten = new Set<string | undefined>();
    const { clock, agents, call, sessions } = bench(
      sessionFleet((request) => (forgotten.has(header(request, 'mcp-session-id')) ? 2 : 1)),
      1e6,
    );
    const ends = async (...calls: readonly Promise<CallEnd>[]): Promise<readonly string[]> => {
      await clock.run();
      return (await Promise.all(calls)).map(({ outcome }) => outcome);
    };
    await Promise.all([agents.open([0]), clock.run()]);
    // In the warm-up one session is opened by a call, and one is lost and opened again: three of 2 requests and 2 ms with the first.
    expect(await ends(call(1, 0))).toEqual(['ok']);
    forgotten.add('s1');
    expect(await ends(call(0, 1))).toEqual(['session-lost']);
    expect(sessions().handshakes).toMatchObject({
      requests: 0,
      timeUs: 0,
      opened: 0,
      broken: 0,
      waitedUs: 0,
      before: { requests: 6, timeUs: 6000 },
      reopen: { count: 0 },
    });
    clock.at(1e6, () => undefined);
    await clock.run();
    // Measured: a caller without a session, whose two calls wait 2 ms each, and one whose session is lost.
    expect(await ends(call(2, 2), call(2, 3))).toEqual(['ok', 'ok']);
    forgotten.add('s2');
    expect(await ends(call(1, 4))).toEqual(['session-lost']);
    expect(sessions()).toMatchObject({ opened: 5, lost: 2, reinitialised: 2 });
    expect(sessions().handshakes).toMatchObject({
      requests: 4,
      timeUs: 4000,
      opened: 2,
      broken: 0,
      waitedUs: 4000,
      before: { requests: 6, timeUs: 6000 },
      reopen: { count: 1, maxUs: 2000 },
    });
  });

  it('works with a server that mints no session id', async () => {
    const result = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      serverInfo: { name: 'x', version: '1' },
    };
    const { clock, call, driver, sessions } = bench(() => ({
      takesUs: 10,
      servedBy: '1',
      body: JSON.stringify({ result }),
    }));
    const end = call(0, 0);
    await clock.run();
    expect((await end).outcome).toBe('ok');
    expect(sessions()).toMatchObject({ opened: 0, withoutId: 1, ownerCalls: 0 });
    expect(header(driver.sent.at(-1)!.request, 'mcp-protocol-version')).toBe('2025-06-18');
  });
});
