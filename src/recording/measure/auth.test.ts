import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../protocol/outcome.ts';
import type { Micros } from '../../units/time.ts';
import type { Sample } from '../sample.ts';
import { type AuthTally, auth } from './auth.ts';
import type { AuthCounts, AuthEventCounts, DecisionCell } from './auth-counts.ts';
import type { Expected, JudgedLoad } from './auth-load.ts';

const MS: Micros = 1000;
const SECOND: Micros = 1e6;
const CALLS = [{ name: 'read' }, { name: 'write' }];
const TIMING = { header: 'server-timing', auth: 'auth', policy: 'policy' };

/** Agents 0-2 may do everything, 3 and 4 may only read, 5 has no token. */
const LOAD: JudgedLoad = {
  mode: 'jwt',
  identities: [
    { name: 'all', agents: 3, expected: ['allow', 'allow'] },
    { name: 'reader', agents: 2, expected: ['allow', 'forbidden'] },
    { name: 'nobody', agents: 1, expected: ['unauthorized', 'unauthorized'], refusal: 'missing' },
  ],
  perCall: false,
  graceUs: 50 * MS,
  timing: TIMING,
  events: ['revoke', 'removeScope'],
};

const STEADY: JudgedLoad = { ...LOAD, events: [] };

type Call = Sample & Required<Pick<Sample, 'seq' | 'agent'>>;

function callOf(over: Partial<Call>): Call {
  const sentUs = over.sentUs ?? over.dueUs ?? 0;
  return {
    seq: 0,
    agent: 0,
    call: 0,
    outcome: 'ok',
    detail: undefined,
    servedBy: 'i-1',
    dueUs: sentUs,
    sentUs,
    doneUs: sentUs + MS,
    ...over,
  };
}

function tallyOf(load: JudgedLoad, worker = 0): AuthTally {
  return auth.start({ era: 'stateless', auth: load, calls: CALLS, worker })!;
}

function count(load: JudgedLoad, calls: readonly Call[]): AuthCounts {
  const tally = tallyOf(load);
  for (const call of calls) tally.add(call);
  return tally.counts();
}

it('judges no refusal of a stolen handle, and every other answer to it', () => {
  const outcomes = ['forbidden', 'ok', 'unauthorized'] as const;
  const stolen = outcomes.map((outcome) => callOf({ outcome, stolen: true }));
  const own = callOf({ outcome: 'forbidden' });
  expect(count(STEADY, stolen).cells).toMatchObject([
    { expected: 'allow', allowed: 1, unauthorized: 1, forbidden: 0 },
  ]);
  expect(count(STEADY, [own]).cells).toMatchObject([{ expected: 'allow', forbidden: 1 }]);
});

/** A change, and how long the messages about it take to arrive. */
interface Change {
  readonly event: number;
  readonly agents: readonly number[];
  readonly begunUs: Micros;
  readonly confirmedUs: Micros;
  readonly expected: readonly Expected[];
  readonly delayUs: Micros;
}

/** Plays calls in the order of their ends and changes in that of their messages. */
function play(load: JudgedLoad, calls: readonly Call[], changes: readonly Change[], worker = 0): AuthCounts {
  const tally = tallyOf(load, worker);
  const steps = [
    ...calls.map((call) => ({ atUs: call.doneUs, run: () => tally.add(call) })),
    ...changes.flatMap(({ event, agents, begunUs, confirmedUs, expected, delayUs }) => [
      { atUs: begunUs + delayUs, run: () => tally.begun(event, agents, begunUs) },
      { atUs: confirmedUs + delayUs, run: () => tally.confirmed(event, agents, expected, confirmedUs) },
    ]),
  ];
  for (const step of steps.sort((a, b) => a.atUs - b.atUs)) step.run();
  return tally.counts();
}

const IDENTITY = ['all', 'all', 'all', 'reader', 'reader', 'nobody'];
const EXPECTED: Readonly<Record<string, readonly Expected[]>> = {
  all: ['allow', 'allow'],
  reader: ['allow', 'forbidden'],
  nobody: ['unauthorized', 'unauthorized'],
};
const decisionOf = (outcome: Outcome): 'allowed' | 'unauthorized' | 'forbidden' =>
  outcome === 'unauthorized' || outcome === 'forbidden' ? outcome : 'allowed';

/** The cells of decided calls, from lists and with full knowledge of the changes. */
function cellsByLists(calls: readonly Call[], changes: readonly Change[]): readonly DecisionCell[] {
  const cells = new Map<string, DecisionCell>();
  for (const { agent, call, outcome, servedBy, sentUs, doneUs } of calls) {
    const own = changes.filter((change) => change.agents.includes(agent) && change.begunUs <= doneUs).at(-1);
    if (own !== undefined && sentUs < own.confirmedUs + LOAD.graceUs) continue;
    const identity = IDENTITY[agent]!;
    const expected = (own?.expected ?? EXPECTED[identity]!)[call]!;
    const key = {
      identity,
      event: own?.event ?? -1,
      call: CALLS[call]!.name,
      instance: servedBy ?? '',
      expected,
    };
    const cell = cells.get(JSON.stringify(key)) ?? { ...key, allowed: 0, unauthorized: 0, forbidden: 0 };
    const decision = decisionOf(outcome);
    cells.set(JSON.stringify(key), { ...cell, [decision]: cell[decision] + 1 });
  }
  return [...cells.values()];
}

const byKey = (cells: readonly DecisionCell[]): readonly string[] =>
  cells.map((cell) => JSON.stringify(Object.entries(cell).sort())).sort();

const calls = fc
  .array(
    fc.record({
      agent: fc.nat(5),
      call: fc.nat(1),
      outcome: fc.constantFrom<Outcome>('ok', 'tool-error', 'unauthorized', 'forbidden'),
      servedBy: fc.constantFrom('i-1', 'i-2', undefined),
      sentUs: fc.integer({ min: 0, max: 12 * SECOND }),
      tookUs: fc.integer({ min: 100, max: 300 * MS }),
    }),
    { maxLength: 200 },
  )
  .map((list) =>
    list.map(({ tookUs, ...call }, seq) => callOf({ ...call, seq, doneUs: call.sentUs + tookUs })),
  );

const span = (most: Micros): fc.Arbitrary<Micros> => fc.integer({ min: 0, max: most });

/** A revocation, and later a removal of a scope that may concern the same agents. */
const changes = fc
  .tuple(span(3 * SECOND), span(3 * SECOND), span(SECOND), span(3 * SECOND), span(900 * MS))
  .map(([at, took, later, took2, delayUs]): readonly Change[] => {
    const confirmedUs = at + took;
    const begunUs = confirmedUs + later;
    return [
      {
        event: 0,
        agents: [1, 2],
        begunUs: at,
        confirmedUs,
        expected: ['unauthorized', 'unauthorized'],
        delayUs,
      },
      {
        event: 1,
        agents: [0, 1],
        begunUs,
        confirmedUs: begunUs + took2,
        expected: ['allow', 'forbidden'],
        delayUs,
      },
    ];
  });

describe('decisions', () => {
  it('are counted as lists of all calls would be, whenever messages about changes arrive', () => {
    fc.assert(
      fc.property(calls, changes, (list, all) => {
        const counts = play(LOAD, list, all);
        expect(byKey(counts.cells)).toEqual(byKey(cellsByLists(list, all)));
        const judged = counts.cells.reduce((sum, { allowed, unauthorized, forbidden }) => {
          return sum + allowed + unauthorized + forbidden;
        }, 0);
        expect(judged + counts.unjudged!).toBe(list.length);
      }),
      { numRuns: 300 },
    );
  });

  it('of several workers are those of one', () => {
    fc.assert(
      fc.property(calls, changes, fc.integer({ min: 1, max: 4 }), (list, all, workers) => {
        const shards = Array.from({ length: workers }, (_, worker) =>
          play(
            LOAD,
            list.filter(({ seq }) => seq % workers === worker),
            all,
            worker,
          ),
        );
        const one = play(LOAD, list, all);
        expect(auth.merge(shards)).toEqual(auth.merge([one]));
        expect(JSON.parse(JSON.stringify(one))).toEqual(structuredClone(one));
      }),
    );
  });

  it('are none where there was no answer, or an error of the way', () => {
    const outcomes: readonly Outcome[] = [
      'timeout',
      'reset',
      'refused',
      'aborted',
      'http-error',
      'session-lost',
    ];
    expect(
      count(
        STEADY,
        outcomes.map((outcome) => callOf({ outcome })),
      ).cells,
    ).toEqual([]);
  });

  it('are judged by what the identity may do: a planted fault is found, its healthy twin is not', () => {
    const wrong = ({ cells }: AuthCounts): readonly unknown[] =>
      cells.flatMap(({ expected, instance, allowed, unauthorized, forbidden }) => {
        const right = { allow: allowed, unauthorized, forbidden }[expected];
        const others = allowed + unauthorized + forbidden - right;
        return others === 0 ? [] : [[instance, expected, others]];
      });
    const healthy = [0, 1, 2, 3, 4, 5].flatMap((agent) =>
      [0, 1].map((call) => {
        const outcomes = { allow: 'ok', unauthorized: 'unauthorized', forbidden: 'forbidden' } as const;
        return callOf({ agent, call, outcome: outcomes[EXPECTED[IDENTITY[agent]!]![call]!] });
      }),
    );
    expect(wrong(count(STEADY, healthy))).toEqual([]);
    const skipping = healthy.map((call): Call => ({ ...call, servedBy: 'i-2', outcome: 'ok' }));
    expect(wrong(count(STEADY, [...healthy, ...skipping]))).toEqual([
      ['i-2', 'unauthorized', 1],
      ['i-2', 'unauthorized', 1],
      ['i-2', 'forbidden', 2],
    ]);
    const strict = callOf({ agent: 1, outcome: 'unauthorized', servedBy: 'i-2' });
    expect(wrong(count(STEADY, [...healthy, strict]))).toEqual([['i-2', 'allow', 1]]);
  });
});

describe('a revocation', () => {
  const revoked: Change = {
    event: 0,
    agents: [1, 2],
    begunUs: 3 * SECOND,
    confirmedUs: 3 * SECOND + 20 * MS,
    expected: ['unauthorized', 'unauthorized'],
    delayUs: 5 * MS,
  };
  /** An agent that calls every 10 ms for ten seconds, and is allowed until `untilUs` by one instance and until `thenUs` by the other. */
  const until = (agent: number, untilUs: Micros, thenUs: Micros): readonly Call[] =>
    Array.from({ length: 1000 }, (_, seq) => {
      const sentUs = seq * 10 * MS;
      const [servedBy, lastUs] = seq % 2 === 0 ? ['i-1', untilUs] : ['i-2', thenUs];
      return callOf({ seq, agent, servedBy, sentUs, outcome: sentUs < lastUs ? 'ok' : 'unauthorized' });
    });
  const eventOf = (list: readonly Call[], change = revoked): AuthEventCounts =>
    play(LOAD, list, [change]).events[0]!;

  it('has a stale window on each instance, from its confirmation', () => {
    const { events, cells } = play(LOAD, until(1, 3.01 * SECOND, 5 * SECOND), [revoked]);
    expect(events[0]).toMatchObject({
      index: 0,
      kind: 'revoke',
      atUs: 3 * SECOND,
      confirmedUs: 20 * MS,
      agents: 2,
    });
    expect(events[0]!.instances).toEqual([
      { name: 'i-1', allowed: 0, lastAllowedUs: null, denied: 349, firstDeniedUs: 0 },
      { name: 'i-2', allowed: 99, lastAllowedUs: 1.97 * SECOND, denied: 250, firstDeniedUs: 1.99 * SECOND },
    ]);
    expect(events[0]!.calls).toBe(698);
    // 50 ms of grace: five calls sent from the confirmation on are not judged; two of them were allowed.
    const wrong = cells.filter(({ event }) => event === 0).reduce((sum, { allowed }) => sum + allowed, 0);
    expect(wrong).toBe(97);
  });

  it('has none when every call is refused from the confirmation on', () => {
    const event = eventOf(until(1, 3.01 * SECOND, 3.01 * SECOND));
    expect(event.instances.map(({ allowed }) => allowed)).toEqual([0, 0]);
  });

  it('leaves other agents alone', () => {
    const { events, cells } = play(LOAD, until(0, 10 * SECOND, 10 * SECOND), [revoked]);
    expect(events[0]).toMatchObject({ calls: 0, instances: [], steps: [] });
    expect(cells.every(({ event }) => event === -1)).toBe(true);
  });

  it('has a course in steps of 100 ms, from one second before', () => {
    const { steps } = eventOf(until(1, 3.01 * SECOND, 5 * SECOND));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 80 }, (_, i) => i - 10));
    expect(steps[0]).toEqual({ step: -10, allowed: 10, denied: 0 });
    expect(steps.at(-1)).toEqual({ step: 69, allowed: 0, denied: 10 });
  });

  it('that takes one scope is measured by the calls that needed it', () => {
    const removed: Change = { ...revoked, event: 1, expected: ['allow', 'forbidden'] };
    const kinds = [0, 1].flatMap((call) =>
      until(1, 10 * SECOND, 10 * SECOND).map((each) => ({ ...each, call })),
    );
    const event = eventOf(kinds, removed);
    expect(event.calls).toBe(698);
    expect(event.steps.every(({ allowed }) => allowed === 10)).toBe(true);
  });

  it('that is never confirmed is judged neither way', () => {
    const tally = tallyOf(LOAD);
    for (const call of until(1, SECOND, SECOND)) {
      if (call.sentUs === 3 * SECOND) tally.begun(0, [1], 3 * SECOND);
      tally.add(call);
    }
    const { events, unjudged, cells } = tally.counts();
    expect(events).toEqual([]);
    expect(unjudged).toBeGreaterThanOrEqual(700);
    expect(cells.every(({ event }) => event === -1)).toBe(true);
  });
});

describe('a token that expires', () => {
  const expiring = (outcome: Outcome): AuthCounts => {
    const tally = tallyOf(STEADY);
    tally.expire([0], [SECOND], 0);
    const times = [0.9, 0.9995, 1.02, 2.2].map((seconds) => seconds * SECOND);
    for (const sentUs of times) tally.add(callOf({ sentUs, outcome }));
    return tally.counts();
  };

  it('is no fault of the server that refuses it', () => {
    const { cells, expiredInUse, unjudged } = expiring('unauthorized');
    expect(expiredInUse).toBe(3);
    expect(unjudged).toBe(2);
    expect(cells).toMatchObject([
      { expected: 'allow', unauthorized: 1 },
      { expected: 'unauthorized', unauthorized: 1 },
    ]);
  });

  it('is a fault of a server that accepts it', () => {
    expect(expiring('ok').cells).toMatchObject([
      { expected: 'allow', allowed: 1 },
      { expected: 'unauthorized', allowed: 1 },
    ]);
  });

  it('may be accepted for a while by a server whose clock is not ours', () => {
    const tally = tallyOf({ ...STEADY, mode: 'target' });
    tally.expire([0], [SECOND], 0);
    for (const seconds of [2, 59, 62]) tally.add(callOf({ sentUs: seconds * SECOND }));
    const { cells, unjudged } = tally.counts();
    expect(cells).toMatchObject([{ expected: 'unauthorized', allowed: 1 }]);
    expect(unjudged).toBe(2);
  });

  it('and is renewed expires no more', () => {
    const tally = tallyOf(STEADY);
    tally.expire([0], [SECOND], 0);
    tally.expire([0], [null], 2.5 * SECOND);
    tally.add(callOf({ sentUs: 3 * SECOND }));
    // Sent with the old token, before it was replaced, and refused afterwards.
    tally.add(callOf({ sentUs: 2.4 * SECOND, doneUs: 3 * SECOND, outcome: 'unauthorized' }));
    const { cells, expiredInUse } = tally.counts();
    expect(cells).toMatchObject([
      { expected: 'allow', allowed: 1 },
      { expected: 'unauthorized', unauthorized: 1 },
    ]);
    expect(expiredInUse).toBe(1);
  });
});

describe('times', () => {
  it('of the stages are those that answers to allowed calls state', () => {
    const { check, policy, handler, untimed } = count(STEADY, [
      callOf({ serverTiming: 'auth;dur=0.2, policy;dur=0.05, tool;dur=1, total;dur=2' }),
      callOf({ serverTiming: 'auth;dur=0.1, auth;dur=0.1' }),
      callOf({ serverTiming: 'tool;dur=3' }),
      callOf({}),
      callOf({ agent: 5, outcome: 'unauthorized', serverTiming: 'auth;dur=9' }),
    ]);
    expect([check, policy, handler].map(({ count, totalUs }) => [count, totalUs])).toEqual([
      [2, 400],
      [1, 50],
      [2, 4000],
    ]);
    expect(untimed).toBe(2);
  });

  it('of the check may be a header of its own', () => {
    const timing = { ...TIMING, header: 'x-auth-time' };
    const { check, policy } = count({ ...STEADY, timing }, [callOf({ serverTiming: '0.35' })]);
    expect([check.totalUs, policy.count]).toEqual([350, 0]);
  });

  it('of calls are told apart by the use of their token', () => {
    const tally = tallyOf(STEADY);
    for (let use = 1; use <= 12; use += 1) {
      tally.uses.sent(1, use);
      tally.add(callOf({ seq: use, agent: 1, doneUs: use * MS }));
    }
    tally.uses.renewed([1]);
    tally.uses.sent(1, undefined);
    tally.uses.sent(1, 13);
    tally.add(callOf({ seq: 13, agent: 1, doneUs: 100 * MS }));
    const { byUse } = tally.counts();
    expect([byUse.first.totalUs, byUse.early.totalUs, byUse.later.totalUs]).toEqual([1000, 154_000, 23_000]);
    expect(count({ ...STEADY, perCall: true }, [callOf({}), callOf({})]).byUse.first.count).toBe(2);
  });

  it('of refused calls are told apart by the kind of refusal', () => {
    const { refusals, byUse } = count(STEADY, [
      callOf({ agent: 5, outcome: 'unauthorized' }),
      callOf({ agent: 5, outcome: 'ok' }),
      callOf({ agent: 3, call: 1, outcome: 'forbidden' }),
    ]);
    expect(Object.entries(refusals).map(([kind, { count }]) => [kind, count])).toEqual([['missing', 1]]);
    expect(byUse.later.count).toBe(0);
  });
});
