/** @module Measures what the check of a token costs: by algorithm and library, from a cache, and by mode. */
import { TestAuthority } from '../src/guard/modes/authority.case.ts';
import { AUTH_ALGORITHMS } from '../src/profile/auth-kinds.ts';
import { systemClock } from '../src/units/clock.ts';
import { SECOND } from '../src/units/time.ts';
import { formatSpread, orderOf, type Round, ratioOf, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { byCache, byJose, byMode, byNode, type Check, sampleOf } from './verification-checks.ts';

/** Those of the published table that are not too slow to be used, and those of access tokens here. */
const ALGORITHMS = ['HS256', 'RS256', 'RS512', 'ES256', 'EdDSA', 'ES512'];
const BASE = 'HS256';
/** fast-jwt (benchmarks/README.md, Node.js 22.11): 79.50 us over 2.58 us. */
const PUBLISHED = { algorithm: 'EdDSA', ratio: 31 };
/** Part of `--seconds` that each check has in a round. */
const PART = 0.1;
const WARM_UP_SECONDS = 0.1;
/** Checks between two looks at the clock. */
const BATCH = 20;

export const verification: Section = {
  name: 'verification',
  title: 'The cost of checking a token',
  method:
    'One token after the other on one thread: signature, type, issuer, audience and expiry, with the synchronous functions of Node.js (`node`) and with `jose`, which the modes use; an answer that `introspection-cached` keeps, found by a token of the algorithm; and whole checks by the modes `jwt` and `dpop` (proofs of ES256), with keys that were read before. Rounds alternate.',
  run,
};

async function run({ effort, say }: Context): Promise<Outcome> {
  const authorities = await Promise.all(AUTH_ALGORITHMS.map((algorithm) => TestAuthority.start(algorithm)));
  try {
    const samples = await Promise.all(ALGORITHMS.map(sampleOf));
    const cached = await Promise.all(samples.map((sample) => byCache(sample, authorities[0]!)));
    const modes = (await Promise.all(authorities.map(byMode))).flat();
    const checks = [...samples.map(byNode), ...samples.map(byJose), ...cached, ...modes];
    await roundOf(checks, WARM_UP_SECONDS);
    const rounds: Round[] = [];
    for (let index = 0; index < effort.rounds; index += 1) {
      rounds.push(await roundOf(orderOf(checks, index), effort.seconds * PART));
      say(`round ${index + 1} of ${effort.rounds}`);
    }
    return { tables: tablesOf(rounds, modes), notes: [publishedNote(rounds)], data: { rounds } };
  } finally {
    for (const authority of authorities) await authority.stop();
  }
}

/** Microseconds per check, by name. */
async function roundOf(checks: readonly Check[], seconds: number): Promise<Round> {
  const round: Record<string, number> = {};
  for (const { name, prepare, run, limit = Number.POSITIVE_INFINITY } of checks) {
    await prepare?.();
    const startedAt = systemClock.now();
    let [count, spent] = [0, 0];
    while (count < limit && spent < seconds * SECOND) {
      for (let index = 0; index < BATCH; index += 1) {
        const answer = run();
        // An await costs as much as a look into a cache.
        expectTaken(answer instanceof Promise ? await answer : answer);
      }
      count += BATCH;
      spent = systemClock.now() - startedAt;
    }
    round[name] = spent / count;
  }
  return round;
}

/** A refusal is measured by no check here. */
function expectTaken(answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) {
    throw new Error(`a check was refused: ${String(answer.refused)}`);
  }
}

function tablesOf(rounds: readonly Round[], modes: readonly Check[]): readonly Table[] {
  const us = (name: string): string =>
    formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 1);
  const ratio = (kind: string, algorithm: string): string =>
    formatSpread(ratioOf(rounds, `${kind} ${algorithm}`, `${kind} ${BASE}`), 1);
  return [
    {
      caption: 'Microseconds per token, by algorithm',
      head: ['algorithm', 'node', `x ${BASE}`, 'jose', `x ${BASE}`, 'from the cache'],
      rows: ALGORITHMS.map((algorithm) => [
        algorithm,
        us(`node ${algorithm}`),
        ratio('node', algorithm),
        us(`jose ${algorithm}`),
        ratio('jose', algorithm),
        us(`cached ${algorithm}`),
      ]),
    },
    {
      caption: 'Microseconds per request, by mode and algorithm of the token',
      head: ['mode', 'us'],
      rows: modes.map(({ name }) => [name, us(name)]),
    },
  ];
}

function publishedNote(rounds: readonly Round[]): string {
  const { algorithm, ratio } = PUBLISHED;
  const measured = formatSpread(ratioOf(rounds, `node ${algorithm}`, `node ${BASE}`), 1);
  return `${algorithm} takes ${measured} x ${BASE} with the synchronous functions of Node.js; published for such a library: about ${ratio}.`;
}
