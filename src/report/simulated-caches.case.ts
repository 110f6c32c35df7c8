/** @module A small simulation of caches of one list, for the samples of the reports: arrivals, entries that live for `ttlMs`, and one change of the list. */
import type { CacheChangeFigures } from '../result/measure/cache-figures.ts';
import { randomAt } from '../units/random.ts';
import type { Millis, PerSecond } from '../units/time.ts';

/** What is simulated. */
export interface CacheScene {
  readonly ttlMs: Millis;
  readonly at: 'agent' | 'gateway';
  readonly jitter: number;
  readonly agents: number;
  /** Lookups of all agents together. */
  readonly perSecond: PerSecond;
  /** Measured time; the same agents ask for as long before it. */
  readonly seconds: number;
  /** `together`: every agent asks at even intervals, and all begin within 50 ms. */
  readonly arrivals: 'poisson' | 'together';
  readonly seed: number;
  /** The list changes; agents that are told drop what they have after `noticedMs`. */
  readonly change?:
    | { readonly atMs: Millis; readonly confirmedMs: Millis; readonly noticedMs?: Millis }
    | undefined;
}

/** What came of it. */
export interface CacheRun {
  readonly lookups: number;
  readonly hits: number;
  readonly fetches: number;
  /** Of what hits gave. */
  readonly agesMs: readonly Millis[];
  readonly originSteps: readonly number[];
  readonly cachedSteps: readonly number[];
  readonly change?: Omit<CacheChangeFigures, 'what' | 'notify' | 'fanOut'>;
}

const STEP_MS = 100;
const TOGETHER_MS = 50;

interface Lookup {
  readonly atMs: Millis;
  readonly agent: number;
}

interface Entry {
  readonly receivedMs: Millis;
  readonly endMs: Millis;
}

function lookupsOf({ agents, perSecond, seconds, arrivals, seed }: CacheScene): readonly Lookup[] {
  const random = randomAt(seed, 'arrival', 0);
  const everyMs = (1000 * agents) / perSecond;
  const gap = (): Millis => (arrivals === 'poisson' ? -Math.log(1 - random.next()) * everyMs : everyMs);
  const lookups: Lookup[] = [];
  for (let agent = 0; agent < agents; agent += 1) {
    const first = (arrivals === 'poisson' ? gap() : random.next() * TOGETHER_MS) - seconds * 1000;
    for (let atMs = first; atMs < seconds * 1000; atMs += gap()) lookups.push({ atMs, agent });
  }
  return lookups.sort((a, b) => a.atMs - b.atMs);
}

/** What agents get after a change: from the entries that each answer came from. */
class AfterChange {
  readonly #confirmedMs: Millis;
  readonly #atMs: Millis;
  readonly #steps = new Map<number, { atMs: Millis; old: number; current: number }>();
  readonly #behind = new Set<number>();
  #answered = 0;
  #old = 0;
  #lastOldMs: Millis | null = null;
  #lastAgentMs: Millis = 0;
  #agents = 0;

  constructor({ atMs, confirmedMs }: NonNullable<CacheScene['change']>) {
    this.#atMs = atMs;
    this.#confirmedMs = confirmedMs;
  }

  take({ atMs, agent }: Lookup, receivedMs: Millis): void {
    const sinceMs = atMs - this.#atMs;
    const isOld = receivedMs < this.#atMs + this.#confirmedMs;
    const step = Math.floor(sinceMs / STEP_MS) * STEP_MS;
    if (step >= -1000) {
      const counts = this.#steps.get(step) ?? { atMs: step, old: 0, current: 0 };
      counts[isOld && sinceMs >= 0 ? 'old' : 'current'] += 1;
      this.#steps.set(step, counts);
    }
    if (sinceMs < this.#confirmedMs) {
      this.#behind.add(agent);
      this.#agents = this.#behind.size;
      return;
    }
    this.#answered += 1;
    if (isOld) {
      this.#old += 1;
      this.#lastOldMs = sinceMs - this.#confirmedMs;
    } else if (this.#behind.delete(agent)) {
      this.#lastAgentMs = sinceMs - this.#confirmedMs;
    }
  }

  figures(): NonNullable<CacheRun['change']> {
    return {
      atMs: this.#atMs,
      confirmedUs: this.#confirmedMs * 1000,
      answered: this.#answered,
      old: this.#old,
      lastOldMs: this.#lastOldMs === null ? null : Math.round(this.#lastOldMs),
      agents: this.#agents,
      reached: this.#agents - this.#behind.size,
      lastAgentMs: this.#behind.size > 0 ? null : Math.round(this.#lastAgentMs),
      steps: [...this.#steps.values()].sort((a, b) => a.atMs - b.atMs),
    };
  }
}

/** Runs the lookups of a scene through caches, and counts those of the measured time. */
export function runCaches(scene: CacheScene): CacheRun {
  const { ttlMs, at, jitter, seconds, seed, change } = scene;
  const random = randomAt(seed, 'service', 0);
  const lookups = lookupsOf(scene);
  const steps = (): number[] => Array.from({ length: seconds * (1000 / STEP_MS) }, () => 0);
  const [originSteps, cachedSteps] = [steps(), steps()];
  const entries = new Map<number, Entry>();
  const after = change && new AfterChange(change);
  const agesMs: Millis[] = [];
  const noticedMs =
    change?.noticedMs === undefined ? Number.POSITIVE_INFINITY : change.atMs + change.noticedMs;
  for (const lookup of lookups) {
    const key = at === 'gateway' ? 0 : lookup.agent;
    const entry = entries.get(key);
    const isTold = entry !== undefined && entry.receivedMs < noticedMs && lookup.atMs >= noticedMs;
    const isHit = entry !== undefined && lookup.atMs < entry.endMs && !isTold;
    if (!isHit) {
      const lives = ttlMs * (1 - jitter * random.next());
      entries.set(key, { receivedMs: lookup.atMs, endMs: lookup.atMs + lives });
    }
    if (lookup.atMs < 0) continue;
    const step = Math.floor(lookup.atMs / STEP_MS);
    if (isHit) agesMs.push(lookup.atMs - entry.receivedMs);
    (isHit ? cachedSteps : originSteps)[step]! += 1;
    after?.take(lookup, isHit ? entry.receivedMs : lookup.atMs);
  }
  const measured = lookups.filter(({ atMs }) => atMs >= 0).length;
  return {
    lookups: measured,
    hits: agesMs.length,
    fetches: measured - agesMs.length,
    agesMs,
    originSteps,
    cachedSteps,
    ...(after && { change: after.figures() }),
  };
}
