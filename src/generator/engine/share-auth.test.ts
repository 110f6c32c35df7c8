import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { LoadSettings } from '../../profile/settings.ts';
import type { Request } from '../../protocol/request.ts';
import { auth as measure } from '../../recording/measure/auth.ts';
import type { AuthCounts } from '../../recording/measure/auth-counts.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { Recorder } from '../../recording/recorder.ts';
import { countsOf } from '../../recording/recording.ts';
import { SENT, type SentLog } from '../../recording/sent-log.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { createAgents } from '../agent/agents.ts';
import { createSchedule } from '../schedule/schedule.ts';
import type { AuthUpdate, LoadAuth } from './load-auth.ts';
import { startLoop } from './loop.ts';
import type { WorkerPlan } from './plan.ts';
import { ShareAuth } from './share-auth.ts';

const SECOND: Micros = 1e6;
const DURATION = 10 * SECOND;
/** Two kinds of calls; a reader may make the first one only. */
const CALLS = ['read', 'write'].map(
  (tool) => ({ name: tool, method: 'tools/call', tool, arguments: {}, weight: 1 }) as const,
);

const AUTH: LoadAuth = {
  scheme: 'Bearer',
  mode: 'jwt',
  identities: [
    { name: 'writer', agents: 4, expected: ['allow', 'allow'] },
    { name: 'reader', agents: 2, expected: ['allow', 'forbidden'] },
    { name: 'nobody', agents: 2, expected: ['unauthorized', 'unauthorized'], refusal: 'missing' },
  ],
  tokens: ['w0', 'w1', 'w2', 'w3', 'r0', 'r1', null, null],
  perCall: false,
  url: 'http://h/mcp',
  graceUs: 50_000,
  timing: { header: 'server-timing', auth: 'auth', policy: 'policy' },
  keepsSentLog: true,
  events: ['revoke'],
};

/** Instances in turn. The second one takes a revoked token for good until `stalesUs`. */
class Server {
  readonly revoked = new Map<string, Micros>();
  readonly #stalesUs: Micros;
  readonly #skips: boolean;
  #requests = 0;

  constructor(stalesUs: Micros, skips: boolean) {
    this.#stalesUs = stalesUs;
    this.#skips = skips;
  }

  treat({ head, body }: Request, atUs: Micros): Treatment {
    this.#requests += 1;
    const servedBy = `i-${1 + (this.#requests % 2)}`;
    const at = head.headers.indexOf('Authorization');
    const token = at < 0 ? undefined : head.headers[at + 1]!.replace('Bearer ', '');
    const outcome = this.#skips && servedBy === 'i-2' ? 'ok' : this.#decide(token, body, servedBy, atUs);
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      serverInfo: { name: 'x', version: '1' },
    };
    return {
      takesUs: 2000,
      servedBy,
      outcome,
      serverTiming: 'auth;dur=0.25',
      ...(body.includes('"initialize"') && { sessionId: 's', body: JSON.stringify({ result }) }),
    };
  }

  #decide(token: string | undefined, body: string, servedBy: string, atUs: Micros) {
    const revokedUs = token === undefined ? undefined : this.revoked.get(token);
    const lateUs = servedBy === 'i-2' ? this.#stalesUs : 0;
    if (token === undefined || (revokedUs !== undefined && atUs >= revokedUs + lateUs)) return 'unauthorized';
    return token.startsWith('r') && body.includes('"write"') ? 'forbidden' : 'ok';
  }
}

interface Ran {
  readonly counts: AuthCounts;
  readonly sent: SentLog;
  readonly driver: SimulatedDriver;
  /** By the number of a call. */
  readonly calls: number;
}

/** Runs a load in which the token of agent 1 is revoked after 5 s, and that of agent 0 is replaced after 3 s. */
async function run(era: Era, server: Server, auth = AUTH): Promise<Ran> {
  const clock = new VirtualClock();
  const driver = simulatedDriver(clock, (request, atUs) => server.treat(request, atUs));
  const load = {
    shape: { kind: 'rate', perSecond: 400 },
    arrivals: 'constant',
    warmupUs: 0,
    durationUs: DURATION,
    agents: 8,
  } as LoadSettings;
  const plan = { era, calls: CALLS, seed: 1, auth, load, worker: 0, workers: 1 } as unknown as WorkerPlan;
  const tallies = new Tallies(plan);
  const share = new ShareAuth({ ...plan, auth }, clock, 0, tallies);
  const agents = createAgents({
    era,
    traced: true,
    calls: CALLS,
    seed: 1,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs: 0,
    tallies,
    credentials: share.layers,
  });
  const names = CALLS.map(({ name }) => name);
  const recorder = new Recorder({ calls: names, startUs: 0, durationUs: DURATION, tallies });
  share.begin(0);
  const loop = startLoop({
    schedule: createSchedule({
      load,
      weights: [1, 1],
      seed: 1,
      worker: 0,
      workers: 1,
      resident: era === 'sessions',
    }),
    agents,
    recorder,
    clock,
    startUs: 0,
    endUs: DURATION,
    maxInFlight: 1e6,
    sentLog: share.sentLog,
  });
  /** The message about a change arrives a while after it. */
  const at = (atUs: Micros, update: AuthUpdate, delayUs: Micros): void => {
    clock.at(atUs + delayUs, () => share.update(update));
  };
  at(3 * SECOND, { kind: 'tokens', agents: [0], tokens: ['w0b'], atEpochMs: 3000 }, 0);
  clock.at(5 * SECOND, () => server.revoked.set('w1', clock.now()));
  const event = { event: 0, agents: [1] };
  at(5 * SECOND, { kind: 'begun', ...event, atEpochMs: 5000 }, 40_000);
  const expected = ['unauthorized', 'unauthorized'] as const;
  at(5.01 * SECOND, { kind: 'confirmed', ...event, expected, atEpochMs: 5010 }, 300_000);
  await clock.run();
  await loop.finished;
  const recording = recorder.close({ endUs: clock.now() });
  const calls = recording.byCall.reduce((sum, { done }) => sum + done, 0);
  return { counts: countsOf(recording, measure)!, sent: share.sentLog!.log(), driver, calls };
}

/** Decisions against the expectation, by instance. */
function wrong({ cells }: AuthCounts): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const { instance, expected, allowed, unauthorized, forbidden } of cells) {
    const right = { allow: allowed, unauthorized, forbidden }[expected];
    const others = allowed + unauthorized + forbidden - right;
    if (others > 0) all[instance] = (all[instance] ?? 0) + others;
  }
  return all;
}

const withToken = (driver: SimulatedDriver, token: string): readonly Micros[] =>
  driver.sent
    .filter(({ request }) => request.head.headers.includes(`Bearer ${token}`))
    .map(({ atUs }) => atUs);

describe.each(ERAS)('the load of agents with credentials (%s)', (era) => {
  it('finds nothing wrong with a server that decides right at once', async () => {
    const { counts, calls } = await run(era, new Server(0, false));
    expect(wrong(counts)).toEqual({});
    const [event] = counts.events;
    expect(event).toMatchObject({ kind: 'revoke', atUs: 5 * SECOND, agents: 1 });
    expect(event!.instances.map(({ allowed }) => allowed)).toEqual([0, 0]);
    const counted = counts.cells.reduce(
      (sum, cell) => sum + cell.allowed + cell.unauthorized + cell.forbidden,
      0,
    );
    expect(counted + counts.unjudged!).toBe(calls);
    expect(counts.refusals['missing']!.count).toBeGreaterThan(900);
    expect(counts.check.totalUs).toBe(250 * counts.check.count);
  });

  it('finds how long an instance still allowed what was revoked, and only that', async () => {
    const { counts } = await run(era, new Server(2 * SECOND, false));
    const [first, second] = counts.events[0]!.instances;
    expect(first).toMatchObject({ name: 'i-1', allowed: 0 });
    // The agent makes 50 calls a second, and every second one to this instance.
    expect(second!.lastAllowedUs).toBeGreaterThan(1.5 * SECOND);
    expect(second!.lastAllowedUs).toBeLessThan(1.99 * SECOND);
    expect(Object.keys(wrong(counts))).toEqual(['i-2']);
    // Those within the grace are allowed, but not wrong.
    expect(second!.allowed - wrong(counts)['i-2']!).toBeGreaterThanOrEqual(0);
    expect(second!.allowed - wrong(counts)['i-2']!).toBeLessThan(6);
  });

  it('finds the instance that checks nothing', async () => {
    const { counts } = await run(era, new Server(0, true));
    expect(Object.keys(wrong(counts))).toEqual(['i-2']);
    expect(wrong(counts)['i-2']).toBeGreaterThan(500);
  });

  it('sends a renewed token from then on', async () => {
    const { driver } = await run(era, new Server(0, false));
    expect(Math.max(...withToken(driver, 'w0'))).toBeLessThan(3 * SECOND);
    expect(Math.min(...withToken(driver, 'w0b'))).toBeGreaterThanOrEqual(3 * SECOND);
  });

  it('knows which call was the first with its token', async () => {
    const { counts } = await run(era, new Server(0, false));
    // Six tokens and a new one. A session uses up the first times: initialize, notifications/initialized.
    expect(counts.byUse.first.count).toBe(era === 'stateless' ? 7 : 1);
    expect(counts.byUse.early.count).toBeGreaterThan(20);
  });

  it('expects 401 once a token has expired, where something is checked', async () => {
    const expiresAtEpochMs = AUTH.tokens.map((token) => (token === 'w2' ? 6000 : null));
    const { counts } = await run(era, new Server(0, false), { ...AUTH, expiresAtEpochMs });
    // This server does not look at the time.
    expect(wrong(counts)['i-1']).toBeGreaterThan(50);
    const unchecked = await run(era, new Server(0, false), { ...AUTH, mode: 'none', expiresAtEpochMs });
    expect(wrong(unchecked.counts)).toEqual({});
  });

  it('keeps what was answered to each call that was sent', async () => {
    const { sent, driver } = await run(era, new Server(0, false));
    const ids = driver.sent
      .map(({ request }) => JSON.parse(request.body || '{}'))
      .filter(({ method }) => method === 'tools/call')
      .map(({ id }) => id as number);
    const known = [...sent.outcomes.keys()].filter((seq) => sent.outcomes[seq] !== SENT.none);
    expect(known).toEqual(ids.sort((a, b) => a - b));
    expect(new Set(sent.outcomes).has(SENT.forbidden)).toBe(true);
    expect([...sent.names].sort()).toEqual(['i-1', 'i-2']);
  });
});
