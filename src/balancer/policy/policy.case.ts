/** @module The conformance suite of policies. Every policy runs all of it, and gives a reason for each test that it cannot pass. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CreatePolicy, NONE, type RoutedRequest } from './policy.ts';

/** Properties that a policy does not have, each with the reason. */
export interface Exceptions {
  /** Indistinguishable requests are spread. */
  readonly spreadsAnonymous?: string;
  /** The calls of one identified caller are spread. */
  readonly spreadsOneCaller?: string;
  /** A session's requests reach the upstream that created it. */
  readonly keepsSessions?: string;
  /** A busy upstream gets fewer requests. */
  readonly sparesBusy?: string;
}

/** An upstream whose state a test changes. */
export interface MutableUpstream {
  readonly id: string;
  live: boolean;
  inFlight: number;
}

export const fleetOf = (size: number): MutableUpstream[] =>
  Array.from({ length: size }, (_, index) => ({ id: `i${index}`, live: true, inFlight: 0 }));

export const request = (parts: Partial<RoutedRequest> = {}): RoutedRequest => ({
  method: 'POST',
  sessionId: undefined,
  mcpMethod: undefined,
  mcpName: undefined,
  authorization: undefined,
  clientAddress: '127.0.0.1',
  ...parts,
});

/** Caller `index`, with its own identity; three of four make calls. */
const caller = (index: number): RoutedRequest =>
  request({
    authorization: `Bearer caller-${index}`,
    mcpMethod: index % 4 === 0 ? 'tools/list' : 'tools/call',
  });

const anyRequest = fc.record({
  method: fc.constantFrom('POST', 'GET', 'DELETE'),
  sessionId: fc.option(fc.string(), { nil: undefined }),
  mcpMethod: fc.constantFrom('tools/call', 'tools/list', undefined),
  mcpName: fc.option(fc.string(), { nil: undefined }),
  authorization: fc.option(fc.string(), { nil: undefined }),
  clientAddress: fc.string(),
});

const countsOf = (choices: readonly number[], size: number): number[] =>
  Array.from({ length: size }, (_, index) => choices.filter((choice) => choice === index).length);

export function testPolicy(name: string, create: CreatePolicy, except: Exceptions = {}): void {
  const itUnless = (reason: string | undefined, title: string, test: () => void): void => {
    if (reason === undefined) it(title, test);
    else it.skip(`${title} (cannot: ${reason})`, test);
  };

  describe(`policy ${name}`, () => {
    it('always chooses a live upstream, and NONE only when none is live', () => {
      const step = fc.record({
        live: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        inFlight: fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
        request: anyRequest,
        response: fc.record({
          status: fc.constantFrom(200, 202, 404, 405, 500),
          sessionId: fc.option(fc.string(), { nil: undefined }),
        }),
      });
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), fc.integer(), (steps, seed) => {
          const fleet = fleetOf(4);
          const policy = create(fleet, seed);
          for (const { live, inFlight, request: asked, response } of steps) {
            for (const [index, upstream] of fleet.entries()) {
              upstream.live = live[index]!;
              upstream.inFlight = inFlight[index]!;
            }
            const chosen = policy.choose(asked);
            expect(chosen === NONE ? live.includes(true) : !live[chosen]).toBe(false);
            if (chosen !== NONE) policy.learn?.(asked, response, chosen);
          }
        }),
      );
    });

    it('makes the same choices for the same seed and requests', () => {
      fc.assert(
        fc.property(fc.array(anyRequest), fc.integer(), (requests, seed) => {
          const [one, other] = [create(fleetOf(5), seed), create(fleetOf(5), seed)];
          expect(requests.map((asked) => one.choose(asked))).toEqual(
            requests.map((asked) => other.choose(asked)),
          );
        }),
      );
    });

    it('chooses NONE from an empty fleet', () => {
      expect(create([], 1).choose(request())).toBe(NONE);
    });

    it('spreads independent callers', () => {
      const fleet = fleetOf(4);
      const policy = create(fleet, 7);
      const counts = countsOf(
        Array.from({ length: 4000 }, (_, index) => policy.choose(caller(index))),
        4,
      );
      // Binomial(4000, 1/4): mean 1000, standard deviation 27; five of them either way.
      expect(Math.min(...counts)).toBeGreaterThan(863);
      expect(Math.max(...counts)).toBeLessThan(1137);
    });

    itUnless(except.spreadsAnonymous, 'spreads indistinguishable callers', () => {
      const policy = create(fleetOf(4), 7);
      const counts = countsOf(
        Array.from({ length: 400 }, () => policy.choose(request())),
        4,
      );
      expect(Math.min(...counts)).toBeGreaterThan(50);
    });

    itUnless(except.spreadsOneCaller, 'spreads the requests of one caller', () => {
      const policy = create(fleetOf(4), 7);
      const counts = countsOf(
        Array.from({ length: 400 }, () => policy.choose(caller(1))),
        4,
      );
      expect(Math.min(...counts)).toBeGreaterThan(50);
    });

    it('skips an upstream while it is down and uses it again afterwards', () => {
      const fleet = fleetOf(3);
      const policy = create(fleet, 3);
      const choices = (): Set<number> =>
        new Set(Array.from({ length: 300 }, (_, index) => policy.choose(caller(index))));
      expect(choices()).toEqual(new Set([0, 1, 2]));
      fleet[1]!.live = false;
      expect(choices()).toEqual(new Set([0, 2]));
      fleet[1]!.live = true;
      expect(choices()).toEqual(new Set([0, 1, 2]));
    });

    itUnless(
      except.sparesBusy,
      'gives a busy upstream fewer requests, and its share again once it is idle',
      () => {
        const fleet = fleetOf(3);
        const policy = create(fleet, 3);
        const share = (): number =>
          countsOf(
            Array.from({ length: 300 }, (_, index) => policy.choose(caller(index))),
            3,
          )[2]!;
        fleet[2]!.inFlight = 50;
        expect(share()).toBeLessThan(50);
        fleet[2]!.inFlight = 0;
        expect(share()).toBeGreaterThan(50);
      },
    );

    itUnless(except.keepsSessions, 'sends a session to the upstream that created it', () => {
      const policy = create(fleetOf(4), 5);
      const owners = Array.from({ length: 200 }, (_, index) => {
        const initialize = caller(index);
        const owner = policy.choose(initialize);
        policy.learn?.(initialize, { status: 200, sessionId: `session-${index}` }, owner);
        return owner;
      });
      const reached = owners.map((_, index) =>
        policy.choose({ ...caller(index), sessionId: `session-${index}` }),
      );
      expect(reached).toEqual(owners);
    });
  });
}
