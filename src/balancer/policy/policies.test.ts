import { describe, expect, it } from 'vitest';
import { POLICY_NAMES, type PolicyName } from '../../profile/balancer-kinds.ts';
import { type Exceptions, fleetOf, request, testPolicy } from './policy.case.ts';
import { policies } from './table.ts';

const BLIND = 'it ignores requests in flight';
const STATELESS = 'it ignores sessions';

const exceptions: Readonly<Record<PolicyName, Exceptions>> = {
  'round-robin': { keepsSessions: STATELESS, sparesBusy: BLIND },
  'least-in-flight': { keepsSessions: STATELESS },
  'random-two': { keepsSessions: STATELESS },
  sticky: { sparesBusy: `${BLIND}: new sessions go round-robin` },
  'hash-session': {
    keepsSessions:
      'the hash of the id is unrelated to the upstream that created it; this policy is included to show that mistake',
    sparesBusy: BLIND,
  },
  'hash-identity': {
    spreadsAnonymous:
      'without authorization the address is the identity, and on loopback all callers share one address',
    spreadsOneCaller: 'it keeps a caller on one upstream by design',
    sparesBusy: BLIND,
  },
  'route-method': {
    spreadsAnonymous: 'requests without Mcp-Method go to the pool for lists',
    spreadsOneCaller: 'it keeps calls in their pool by design',
    keepsSessions: STATELESS,
    sparesBusy: BLIND,
  },
  'name-affinity': { keepsSessions: STATELESS, sparesBusy: BLIND },
};

for (const name of POLICY_NAMES) testPolicy(name, policies[name], exceptions[name]);

describe('sticky', () => {
  const minted = (fleet = fleetOf(3)) => {
    const policy = policies.sticky(fleet, 1);
    policy.learn?.(request(), { status: 200, sessionId: 's' }, 2);
    return { fleet, policy };
  };
  const inSession = request({ sessionId: 's' });

  it('sends the sessions of a down owner to the next live upstream, and back when it returns', () => {
    const { fleet, policy } = minted();
    fleet[2]!.live = false;
    expect([policy.choose(inSession), policy.choose(inSession)]).toEqual([0, 0]);
    fleet[2]!.live = true;
    expect(policy.choose(inSession)).toBe(2);
  });

  it('keeps sessions on a draining owner, and sends new ones elsewhere', () => {
    const { fleet, policy } = minted();
    Object.assign(fleet[2]!, { live: false, draining: true });
    expect([policy.choose(inSession), policy.choose(inSession)]).toEqual([2, 2]);
    expect([1, 2, 3, 4].map(() => policy.choose(request()))).toEqual([0, 1, 0, 1]);
  });

  it.each([
    ['a DELETE that succeeded', 'DELETE', 200, 2, true],
    ['a DELETE that the server does not allow', 'DELETE', 405, 2, false],
    ['a 404 of the owner', 'POST', 404, 2, true],
    ['a 404 of the owner to a GET stream', 'GET', 404, 2, false],
    ['a 404 of another upstream', 'POST', 404, 0, false],
    ['a failed call', 'POST', 500, 2, false],
  ] as const)(
    'after %s (%s, %i by %i) the session is forgotten: %s',
    (_, method, status, upstream, forgotten) => {
      const { policy } = minted();
      policy.learn?.({ ...inSession, method }, { status, sessionId: undefined }, upstream);
      const choices = new Set([policy.choose(inSession), policy.choose(inSession), policy.choose(inSession)]);
      expect(choices).toEqual(forgotten ? new Set([0, 1, 2]) : new Set([2]));
    },
  );

  it('learns nothing from an answer that failed', () => {
    const policy = policies.sticky(fleetOf(3), 1);
    policy.learn?.(request(), { status: 500, sessionId: 's' }, 2);
    expect([policy.choose(inSession), policy.choose(inSession)]).toEqual([0, 1]);
  });

  it('sends an unknown session round-robin', () => {
    const { policy } = minted();
    const stranger = request({ sessionId: 'unknown' });
    expect([policy.choose(stranger), policy.choose(stranger), policy.choose(stranger)]).toEqual([0, 1, 2]);
  });
});

describe('consistent hashing', () => {
  const key = (index: number) => request({ authorization: `caller ${index}`, sessionId: `session ${index}` });
  const keys = Array.from({ length: 500 }, (_, index) => key(index));

  it.each(['hash-session', 'hash-identity'] as const)(
    '%s moves only the keys of the upstream that went down',
    (name) => {
      const fleet = fleetOf(4);
      const policy = policies[name](fleet, 9);
      const before = keys.map((asked) => policy.choose(asked));
      fleet[3]!.live = false;
      const during = keys.map((asked) => policy.choose(asked));
      expect(during.filter((choice, index) => choice !== before[index]).length).toBe(
        before.filter((choice) => choice === 3).length,
      );
      fleet[3]!.live = true;
      expect(keys.map((asked) => policy.choose(asked))).toEqual(before);
    },
  );

  it('hash-session reaches the owner of about one session in four', () => {
    const policy = policies['hash-session'](fleetOf(4), 9);
    const hits = keys.filter((asked) => policy.choose(request()) === policy.choose(asked)).length;
    // Binomial(500, 1/4): mean 125, standard deviation 9.7; five of them either way.
    expect(hits).toBeGreaterThan(76);
    expect(hits).toBeLessThan(174);
  });
});

describe('route-method', () => {
  const list = request({ mcpMethod: 'tools/list' });
  const call = request({ mcpMethod: 'tools/call' });
  const served = (size: number, asked = call): number[] => {
    const policy = policies['route-method'](fleetOf(size), 1);
    return [...new Set(Array.from({ length: 2 * size }, () => policy.choose(asked)))].sort((a, b) => a - b);
  };

  it.each([
    [1, [0], [0]],
    [2, [0], [1]],
    [4, [0], [1, 2, 3]],
    [5, [0, 1], [2, 3, 4]],
    [8, [0, 1], [2, 3, 4, 5, 6, 7]],
  ])('of %i instances gives %j to lists and %j to calls', (size, lists, calls) => {
    expect(served(size, list)).toEqual(lists);
    expect(served(size, request())).toEqual(lists);
    expect(served(size, call)).toEqual(calls);
  });

  it('uses the other pool when all upstreams of a pool are down', () => {
    const fleet = fleetOf(3);
    const policy = policies['route-method'](fleet, 1);
    fleet[0]!.live = false;
    expect([policy.choose(list), policy.choose(list)]).toEqual([1, 2]);
    [fleet[0]!.live, fleet[1]!.live, fleet[2]!.live] = [true, false, false];
    expect(policy.choose(call)).toBe(0);
  });
});

describe('name-affinity', () => {
  it('keeps a tool on one upstream, and spreads tools', () => {
    const policy = policies['name-affinity'](fleetOf(4), 9);
    const tool = (index: number) => policy.choose(request({ mcpName: `tool-${index}` }));
    const homes = Array.from({ length: 400 }, (_, index) => tool(index));
    expect(Array.from({ length: 400 }, (_, index) => tool(index))).toEqual(homes);
    for (const index of [0, 1, 2, 3])
      expect(homes.filter((home) => home === index).length).toBeGreaterThan(50);
  });
});

describe('round-robin', () => {
  it('begins with the first and takes each in turn', () => {
    const policy = policies['round-robin'](fleetOf(3), 1);
    expect([0, 1, 2, 3].map(() => policy.choose(request()))).toEqual([0, 1, 2, 0]);
  });
});

describe('least-in-flight', () => {
  it('takes the one with the fewest', () => {
    const fleet = fleetOf(3);
    [fleet[0]!.inFlight, fleet[1]!.inFlight, fleet[2]!.inFlight] = [2, 1, 3];
    expect(policies['least-in-flight'](fleet, 1).choose(request())).toBe(1);
  });
});
