/** @module What a share of a load does about caches: those of its agents, what is counted of them, and changes of the catalogue. */
import { isCacheable } from '../../protocol/caching/methods.ts';
import { type LookupLog, LookupLogWriter } from '../../recording/lookup-log.ts';
import { cache as measure } from '../../recording/measure/cache.ts';
import type { CacheTally } from '../../recording/measure/cache-tally.ts';
import type { Tallies } from '../../recording/measure/tallies.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { CacheSharing } from '../agent/cache-sharing.ts';
import { planFlows } from './flow-plan.ts';
import type { CatalogueUpdate, LoadCache } from './load-cache.ts';
import type { WorkerPlan } from './plan.ts';

/** The caches of one thread's agents. */
export class ShareCache {
  /** What the layers of the agents need. */
  readonly sharing: CacheSharing;
  readonly #tally: CacheTally;
  readonly #lookups: LookupLogWriter | undefined;
  readonly #originEpochMs: Millis;

  /** @param originEpochMs - when the engine's clock was 0, on the epoch: changes have times on the epoch. */
  constructor(
    plan: Pick<WorkerPlan, 'calls' | 'flows' | 'seed' | 'worker'> & { readonly cache: LoadCache },
    originEpochMs: Millis,
    tallies: Tallies,
  ) {
    const { cache, seed, worker } = plan;
    const { settings, changes, keepsLookupLog } = cache;
    this.#tally = tallies.of(measure) ?? measure.start({ era: 'stateless', cache })!;
    this.#lookups = keepsLookupLog ? new LookupLogWriter() : undefined;
    this.#originEpochMs = originEpochMs;
    this.sharing = new CacheSharing({
      settings,
      changes,
      tally: this.#tally,
      lookups: this.#lookups,
      keepsTexts: savesWhatIsKept(plan),
      seed,
      worker,
    });
  }

  /** The measured time begins at `startUs`. */
  begin(startUs: Micros): void {
    this.#tally.begin(startUs);
    this.#lookups?.begin(startUs);
  }

  /** Takes in a change of the catalogue, at any time. */
  update({ stage, version, atEpochMs }: CatalogueUpdate): void {
    const atUs = (atEpochMs - this.#originEpochMs) * 1000;
    if (stage === 'begun') {
      this.sharing.toolNames.begun(version);
      this.#tally.changes.begun(version, atUs);
    } else this.#tally.changes.confirmed(version, atUs);
  }

  /** Undefined when none is kept. */
  log(): LookupLog | undefined {
    return this.#lookups?.log();
  }
}

/** Whether a flow saves a part of a result that a cache may give. */
function savesWhatIsKept({ calls, flows = [] }: Pick<WorkerPlan, 'calls' | 'flows'>): boolean {
  const steps = planFlows(flows).flatMap(({ groups }) => groups.flatMap((group) => group.calls));
  return steps.some(({ call, save }) => save.length > 0 && isCacheable(calls[call]!.method));
}
