/** @module Measures what the check of a token costs: by algorithm and library, from a cache, and by mode. */
import type * as Authority from '../src/guard/modes/authority.case.ts';
import { AUTH_ALGORITHMS } from '../src/profile/auth-kinds.ts';
import { systemClock } from '../src/units/clock.ts';
import { SECOND } from '../src/units/time.ts';
import { type Build, moduleOf } from './build.ts';
import type { Context } from './context.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Arm, type Rounds, roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import type * as Checks from './verification-checks.ts';
import type { Check } from './verification-checks.ts';

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

async function run(context: Context): Promise<Outcome> {
  const sets = new Map<Build, Promise<CheckSet>>();
  const setOf = (build: Build): Promise<CheckSet> => {
    const set = sets.get(build) ?? startSet(build);
    sets.set(build, set);
    return set;
  };
  try {
    const { native, own, modes } = await setOf(context.builds[0]);
    const arm = (of: Arm['of'], { name }: Check): Arm => ({
      name,
      of,
      measure: async (seconds, build) => ({
        failed: 0,
        checkUs: await timeOf(checkIn(await setOf(build), name), seconds * PART),
      }),
    });
    const rounds = await runRounds(
      [
        ...native.map((check) => arm('other program', check)),
        ...[...own, ...modes].map((check) => arm('paceline', check)),
      ],
      context,
    );
    return { tables: tablesOf(rounds, modes), notes: [publishedNote(rounds)], rounds: [rounds] };
  } finally {
    for (const set of await Promise.allSettled(sets.values()))
      if (set.status === 'fulfilled') await set.value.stop();
  }
}

/** The checks of one build. */
interface CheckSet {
  /** With the functions of Node.js. */
  readonly native: readonly Check[];
  /** With the library and the cache of the modes. */
  readonly own: readonly Check[];
  readonly modes: readonly Check[];
  stop(): Promise<void>;
}

/** Makes the checks of `build`, each warmed up. */
async function startSet(build: Build): Promise<CheckSet> {
  const { TestAuthority } = await moduleOf<typeof Authority>(build, 'src/guard/modes/authority.case.js');
  const make = await moduleOf<typeof Checks>(build, 'bench/verification-checks.js');
  const authorities = await Promise.all(AUTH_ALGORITHMS.map((algorithm) => TestAuthority.start(algorithm)));
  const samples = await Promise.all(ALGORITHMS.map(make.sampleOf));
  const cached = await Promise.all(samples.map((sample) => make.byCache(sample, authorities[0]!)));
  const set = {
    native: samples.map(make.byNode),
    own: [...samples.map(make.byJose), ...cached],
    modes: (await Promise.all(authorities.map(make.byMode))).flat(),
    stop: async () => {
      for (const authority of authorities) await authority.stop();
    },
  };
  for (const check of [...set.native, ...set.own, ...set.modes]) await timeOf(check, WARM_UP_SECONDS);
  return set;
}

function checkIn({ native, own, modes }: CheckSet, name: string): Check {
  const check = [...native, ...own, ...modes].find((each) => each.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return check;
}

/** Microseconds per check. */
async function timeOf(
  { prepare, run, limit = Number.POSITIVE_INFINITY }: Check,
  seconds: number,
): Promise<number> {
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
  return spent / count;
}

/** A refusal is measured by no check here. */
function expectTaken(answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) {
    throw new Error(`a check was refused: ${String(answer.refused)}`);
  }
}

function tablesOf(rounds: Rounds, modes: readonly Check[]): readonly Table[] {
  const us = (name: string): string => formatSpread(spreadIn(rounds, 'checkUs', name), 1);
  const ratio = (kind: string, algorithm: string): string =>
    formatSpread(ratioOf(roundsOf(rounds, 'checkUs'), `${kind} ${algorithm}`, `${kind} ${BASE}`), 1);
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

function publishedNote(rounds: Rounds): string {
  const { algorithm, ratio } = PUBLISHED;
  const measured = formatSpread(ratioOf(roundsOf(rounds, 'checkUs'), `node ${algorithm}`, `node ${BASE}`), 1);
  return `${algorithm} takes ${measured} x ${BASE} with the synchronous functions of Node.js; published for such a library: about ${ratio}.`;
}
