import { describe, expect, it } from 'vitest';
import type { AuthCounts } from '../../recording/measure/auth-counts.ts';
import { mergeRepetitions, type Recording } from '../../recording/recording.ts';
import { recordingOf } from '../summary/result.case.ts';
import { summarise } from '../summary/summarise.ts';
import { authCountsOf, cellOf, equal, eventOf, seriesOf, withAuth } from './auth.case.ts';
import { auth } from './auth.ts';
import { decisionFigures, decisionMatrix, wrongByInstance } from './auth-decisions.ts';
import { eventFigures, staleFigures } from './auth-events.ts';
import { AuthFigures } from './auth-figures.ts';

const recording = recordingOf([{ count: 100, responseUs: 2000 }]);

function figuresOf(of: Recording): AuthFigures {
  const { auth: figures } = summarise(of);
  expect(AuthFigures.parse(figures)).toEqual(figures);
  return figures!;
}

describe('the figures of authorization', () => {
  it('are absent of a load without a check', () => {
    expect(summarise(recording)).not.toHaveProperty('auth.mode');
    expect(auth.schema.parse(undefined)).toBeUndefined();
  });

  it('are null where nothing was measured', () => {
    expect(figuresOf(withAuth(recording))).toMatchObject({
      mode: 'jwt',
      check: null,
      policy: null,
      handler: null,
      refusals: {},
      staleWindowUs: null,
      staleAllowed: null,
      audit: null,
      sizing: null,
    });
  });

  it('state the times of the check, the policy and the tool, and keep their histograms', () => {
    const times = [...equal(98, 100), 300, 900];
    const summary = summarise(
      withAuth(recording, { check: seriesOf(times), policy: seriesOf(equal(100, 20)) }),
    );
    expect(summary.auth!.check).toMatchObject({
      count: 100,
      meanUs: 110,
      p50Us: 100,
      p99Us: 300,
      maxUs: 900,
    });
    expect(summary.auth!.policy).toMatchObject({ count: 100, meanUs: 20, p99Us: 20 });
    expect(Object.keys(summary.histograms)).toEqual(expect.arrayContaining(['auth.check', 'auth.policy']));
    expect(summary.histograms).not.toHaveProperty(['auth.handler']);
  });

  it('state the times of each kind of refusal and of each use of a token apart', () => {
    const { refusals, byUse } = figuresOf(
      withAuth(recording, {
        refusals: { expired: seriesOf([400, 600]), missing: seriesOf([]) },
        byUse: { first: seriesOf([9000]), early: seriesOf([]), later: seriesOf([1000, 1000]) },
      }),
    );
    expect(refusals).toEqual({ expired: expect.objectContaining({ count: 2, meanUs: 500 }) });
    expect(Object.keys(byUse)).toEqual(['first', 'later']);
  });

  it('state what the load needs of the authorization server and of the fleet', () => {
    const served = {
      tokens: 5,
      introspections: 100,
      jwks: 1,
      revocations: 0,
      revokedLists: 2,
      cpuUs: 250_000,
    };
    const measures = { authority: served, fleetCpu: { us: 30_000 }, balancerCpu: { us: 5000 } };
    const one = withAuth(recording, {}, measures);
    const expected = {
      tokensPerSecond: 5,
      introspectionsPerSecond: 100,
      keySetsPerSecond: 1,
      revokedListsPerSecond: 2,
      authorityCores: 0.25,
      fleetUsPerCall: 300,
      balancerUsPerCall: 50,
      fleetCoresPer1000: 0.35,
    };
    expect(figuresOf(one).sizing).toEqual(expected);
    // Rates and costs per call of two repetitions are those of one, not twice as much.
    const { sizing } = summarise(mergeRepetitions([one, one])).auth!;
    expect(sizing).toEqual(expected);
  });

  it('take the comparison with the audit log as it is', () => {
    const audit = {
      records: 99,
      missing: 1,
      duplicate: 0,
      contradicting: 2,
      unknown: 0,
      elsewhere: 0,
      executedUnanswered: 0,
      withoutTrace: 0,
      unreadable: 0,
      secrets: 0,
    };
    expect(figuresOf(withAuth(recording, {}, { audit })).audit).toEqual(audit);
  });
});

describe('decisions', () => {
  const cells = [
    cellOf({ instance: '1', allowed: 90, unauthorized: 2 }),
    cellOf({ instance: '2', allowed: 95 }),
    cellOf({ identity: 'guests', expected: 'forbidden', instance: '1', forbidden: 40 }),
    // Instance 2 skips its check.
    cellOf({ identity: 'guests', expected: 'forbidden', instance: '2', allowed: 41 }),
    cellOf({ identity: 'guests', expected: 'forbidden', instance: '3', forbidden: 38, unauthorized: 3 }),
    cellOf({ identity: 'expired', expected: 'unauthorized', instance: '1', unauthorized: 7, forbidden: 1 }),
  ];

  it('are counted against the expectation', () => {
    expect(decisionFigures(authCountsOf({ cells, expiredInUse: 2, unjudged: 4 }))).toEqual({
      allowed: 90 + 95 + 41,
      denied: 2 + 40 + 41 + 8,
      wrongAllow: 41,
      wrongDeny: 2,
      wrongStatus: 3 + 1,
      // 2 of the readers, which another instance never refused; of the guests 41 that were let through and 3 refused with 401.
      disagreeing: 2 + 41 + 3,
      expiredInUse: 2,
      unjudged: 4,
    });
  });

  it('stand in a matrix, instances together', () => {
    expect(decisionMatrix(cells)).toEqual([
      {
        identity: 'readers',
        event: -1,
        call: 'tools/call echo',
        expected: 'allow',
        allowed: 185,
        unauthorized: 2,
        forbidden: 0,
        wrong: 2,
      },
      expect.objectContaining({ identity: 'guests', allowed: 41, unauthorized: 3, forbidden: 78, wrong: 44 }),
      expect.objectContaining({ identity: 'expired', unauthorized: 7, forbidden: 1, wrong: 1 }),
    ]);
  });

  it('that are wrong name their instance, and no healthy one', () => {
    expect(wrongByInstance(cells)).toEqual([
      { name: '1', wrongAllow: 0, wrongDeny: 2 },
      { name: '2', wrongAllow: 41, wrongDeny: 0 },
    ]);
    expect(wrongByInstance([cellOf({ allowed: 5 }), cellOf({ instance: '', forbidden: 1 })])).toEqual([]);
  });

  it.each([
    ['by one instance', [cellOf({ allowed: 5, unauthorized: 5 })], 0],
    [
      'by instances that all decided both ways',
      [
        cellOf({ instance: '1', allowed: 9, unauthorized: 1 }),
        cellOf({ instance: '2', allowed: 8, forbidden: 2 }),
      ],
      0,
    ],
    [
      'of different identities',
      [cellOf({ instance: '1', allowed: 9 }), cellOf({ identity: 'b', instance: '2', forbidden: 2 })],
      0,
    ],
    [
      'before and after a change of rights',
      [cellOf({ instance: '1', allowed: 9 }), cellOf({ event: 0, instance: '2', unauthorized: 2 })],
      0,
    ],
    [
      'by two instances, one of which lets all through',
      [cellOf({ instance: '1', allowed: 9 }), cellOf({ instance: '2', forbidden: 9 })],
      9,
    ],
    [
      'by an unknown instance',
      [cellOf({ instance: '1', allowed: 9 }), cellOf({ instance: '', forbidden: 9 })],
      0,
    ],
  ])('%s disagree as often as instances differ', (_, some, expected) => {
    expect(decisionFigures(authCountsOf({ cells: some })).disagreeing).toBe(expected);
  });
});

describe('a change of rights', () => {
  const instances = [
    { name: '1', allowed: 20, lastAllowedUs: 1.9e6, denied: 60, firstDeniedUs: 1.95e6 },
    { name: '2', allowed: 4, lastAllowedUs: 0.4e6, denied: 76, firstDeniedUs: 0.5e6 },
  ];
  const time = { measuredUs: 5.01e6, repetitions: 1 };

  it('has a window up to the last call that was still allowed, exact to the time between two calls', () => {
    expect(eventFigures(eventOf({ calls: 160, instances }), time)).toMatchObject({
      kind: 'revoke',
      atMs: 1000,
      confirmedUs: 10_000,
      agents: 5,
      staleWindowUs: 1.9e6,
      // 160 calls in 4 s to two instances: one every 50 ms at each.
      resolutionUs: 50_000,
      staleAllowed: 24,
      open: false,
      instances: [
        { name: '1', staleWindowUs: 1.9e6, allowed: 20, denied: 60 },
        { name: '2', staleWindowUs: 0.4e6, allowed: 4, denied: 76 },
      ],
    });
  });

  it('is open when calls were allowed up to the end', () => {
    const never = { name: '1', allowed: 80, lastAllowedUs: 3.98e6, denied: 0, firstDeniedUs: null };
    const found = eventFigures(eventOf({ calls: 80, instances: [never] }), time);
    expect(found).toMatchObject({ staleWindowUs: 3.98e6, open: true, staleAllowed: 80 });
  });

  it.each([
    ['open when the instance refused none', 0, true],
    ['closed when it refused one', 1, false],
  ])('whose last allowed call was four distances before the end is %s', (_, denied, open) => {
    const late = { name: '1', allowed: 80, lastAllowedUs: 3.8e6, denied, firstDeniedUs: null };
    expect(eventFigures(eventOf({ calls: 80, instances: [late] }), time)).toMatchObject({ open });
  });

  it('has a window of 0 when no call was allowed, and none when no call could show it', () => {
    const strict = { name: '1', allowed: 0, lastAllowedUs: null, denied: 80, firstDeniedUs: 0 };
    const idle = { ...strict, denied: 0, firstDeniedUs: null };
    expect(eventFigures(eventOf({ calls: 80, instances: [strict] }), time)).toMatchObject({
      staleWindowUs: 0,
      open: false,
    });
    const unseen = eventFigures(eventOf({ instances: [idle] }), time);
    expect(unseen).toMatchObject({ staleWindowUs: null, resolutionUs: null, open: false });
    expect(unseen.instances).toEqual([{ name: '1', staleWindowUs: null, allowed: 0, denied: 0 }]);
    expect(staleFigures([unseen])).toEqual({ staleWindowUs: null, staleAllowed: null });
  });

  it('of several repetitions is as exact as that of one, with the longest window and all calls', () => {
    const one = withAuth(
      { ...recording, measuredUs: 5.01e6 },
      { events: [eventOf({ calls: 160, instances })] },
    );
    const { events } = summarise(mergeRepetitions([one, one, one])).auth!;
    expect(events).toMatchObject([
      { agents: 5, staleWindowUs: 1.9e6, resolutionUs: 50_000, staleAllowed: 72, open: false },
    ]);
  });

  it('counts in the figures of the whole run', () => {
    const events: AuthCounts['events'] = [
      eventOf({ calls: 160, instances }),
      eventOf({ index: 1, kind: 'rotateKeys' }),
      eventOf({ index: 2, calls: 10, instances: [{ ...instances[1]!, lastAllowedUs: 2e6 }] }),
    ];
    const found = figuresOf(withAuth({ ...recording, measuredUs: 5.01e6 }, { events }));
    expect(found).toMatchObject({ staleWindowUs: 2e6, staleAllowed: 28 });
    expect(found.events.map(({ staleWindowUs }) => staleWindowUs)).toEqual([1.9e6, null, 2e6]);
  });
});
