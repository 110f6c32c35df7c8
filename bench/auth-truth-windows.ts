/** @module Revoked tokens and a skipped check: how long each mode must still allow calls, and which instance must be named. */
import type { AuthFigures } from '../src/result/measure/auth-figures.ts';
import { formatMicros, type Micros, SECOND } from '../src/units/time.ts';
import { authOf, measureVariants } from './auth-truth-run.ts';
import type { Context } from './context.ts';
import type { Reading } from './known-figures.ts';

const TTL: Micros = 2 * SECOND;
/** The caches have filled and expired once by then, so that their ages are spread over the whole time for which they keep an answer. */
const BEFORE: Micros = 3 * SECOND;
/** From the revocation to the end: longer than a cache keeps an answer. */
const AFTER: Micros = 4 * SECOND;
/** Each calls an instance about once a second: some have their answer cached just before the revocation. */
const AGENTS = 100;
const RATE = 200;

/** The windows after a revocation of all tokens, by mode. */
export async function staleWindows({ say }: Context): Promise<readonly Reading[]> {
  say('revocations');
  const variants = await measureVariants({ rate: RATE, seconds: (BEFORE + AFTER) / SECOND, agents: AGENTS }, [
    'fleet: { server: lean, instances: 2 }',
    'auth: { mode: none, cacheTtl: 2s }',
    `events: [{ at: ${BEFORE / SECOND}s, revoke: ${AGENTS} }]`,
    'variants:',
    // Slower, so that the revocations do not wait behind the calls.
    '  - { name: introspection, auth.mode: introspection, load.rate: 50/s }',
    '  - { name: introspection-cached, auth.mode: introspection-cached }',
    '  - { name: session, auth.mode: session, fleet.era: sessions }',
  ]);
  const uncached = windowOf(authOf(variants, 'introspection'));
  const cached = windowOf(authOf(variants, 'introspection-cached'));
  const session = windowOf(authOf(variants, 'session'));
  const most = uncached.checkUs + uncached.resolutionUs;
  return [
    reading(
      'introspection',
      `at most a round trip and an inter-arrival: ${formatMicros(most)}`,
      uncached.us,
      uncached.us <= most && !uncached.open,
    ),
    reading(
      'introspection-cached, cacheTtl 2 s',
      'above 1.8 s, at most 2 s and a round trip',
      cached.us,
      cached.us > 0.9 * TTL && cached.us <= TTL + cached.checkUs && !cached.open,
    ),
    reading(
      'session',
      `the rest of the run: ${formatMicros(AFTER)}`,
      session.us,
      session.open && Math.abs(session.us - AFTER) < 0.1 * AFTER,
    ),
  ];
}

/** What followed the revocation; a window that is not a number when no call did. */
function windowOf({ check, events: [event] }: AuthFigures): StaleWindow {
  const { staleWindowUs, resolutionUs, open = false } = event ?? {};
  return {
    us: staleWindowUs ?? Number.NaN,
    resolutionUs: resolutionUs ?? Number.NaN,
    open,
    checkUs: check?.maxUs ?? Number.NaN,
  };
}

interface StaleWindow {
  readonly us: Micros;
  readonly resolutionUs: Micros;
  readonly open: boolean;
  /** The longest time of a check: a round trip to the authorization server, where it makes one. */
  readonly checkUs: Micros;
}

const reading = (name: string, expected: string, us: Micros, good: boolean): Reading => ({
  name,
  figure: 'stale window',
  expected,
  measured: formatMicros(us),
  good,
});

/** One of three instances lets every call through. */
export async function skippedCheck({ say }: Context): Promise<readonly Reading[]> {
  say('a skipped check');
  const variants = await measureVariants({ rate: RATE, seconds: 3 }, [
    'fleet: { server: lean, instances: 3 }',
    'auth: { mode: jwt, policy: scopes }',
    'identities: [{ name: good, agents: 15 }, { name: without, agents: 5, scopes: ["tool:other"] }]',
    'variants: [{ name: healthy }, { name: planted, auth.plant.skipOn: 2 }]',
  ]);
  const planted = authOf(variants, 'planted');
  const named = planted.wrongByInstance.map(({ name, wrongAllow }) => `${name} (${wrongAllow})`);
  const wrong = planted.decisions.wrongAllow;
  const healthy = authOf(variants, 'healthy').wrongByInstance.length;
  return [
    {
      name: 'jwt, instance 2 of 3 skips its check',
      figure: 'instances with calls wrongly allowed',
      expected: '2 alone, with all of them',
      measured: named.join(', '),
      good: planted.wrongByInstance.length === 1 && named[0] === `2 (${wrong})` && wrong > 0,
    },
    {
      name: 'jwt, healthy',
      figure: 'instances with calls wrongly allowed or denied',
      expected: 'none',
      measured: `${healthy}`,
      good: healthy === 0,
    },
  ];
}
