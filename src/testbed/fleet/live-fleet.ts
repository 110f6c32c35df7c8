/** @module A running fleet: watches its instances until it is stopped, and injects events into them. */
import type { GuardQuestion } from '../../guard/guard.ts';
import type { CollectionTimes } from '../../process/collections.ts';
import { resumeWhenGone } from '../../process/when-gone.ts';
import type { Era } from '../../profile/settings.ts';
import type { CatalogueChange } from '../../server/catalogue-change.ts';
import type { Micros } from '../../units/time.ts';
import type { ExitNote } from '../note.ts';
import type { Found } from '../probe.ts';
import { UnexpectedExits } from '../unexpected-exits.ts';
import type { Running } from './running.ts';

/** One server process. */
export interface Instance {
  /** `"1"` to `"N"`, or the name in its own answers. */
  readonly id: string;
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string;
  readonly pid: number;
}

/** All instances of one variant. */
export interface Fleet {
  /** The era that it speaks. */
  readonly era: Era;
  /** What the probe found at its first instance; absent of built-in servers. */
  readonly found?: Found | undefined;
  /** All instances, including those that ended; grows with `add`. */
  readonly instances: readonly Instance[];
  /** The instances that ended without being stopped by Paceline. */
  notes(): readonly ExitNote[];
  /** Starts one more instance; resolves when it is ready. Rejects with a `UserError` when it does not start, and with the signal's reason when aborted. */
  add(signal?: AbortSignal): Promise<Instance>;
  /** Kills an instance (SIGKILL); resolves when it has ended. */
  kill(id: string): Promise<void>;
  /** Pauses it (SIGSTOP) until `resume` (SIGCONT). Has no effect when it has ended. */
  pause(id: string): void;
  resume(id: string): void;
  /** Delays each of its answers by `us` from now on; 0 removes the delay. Rejects when its server accepts no messages; has no effect when it has ended. */
  slow(id: string, us: Micros): Promise<void>;
  /** Changes what an instance offers; resolves when it answers so. Rejects when it cannot, as with an unknown tool; has no effect when it has ended. */
  changeCatalogue(id: string, change: CatalogueChange): Promise<void>;
  /** Tells the check of every instance, also of those that are added later, the URL under which clients reach the fleet. */
  publish(url: string): Promise<void>;
  /** Makes the clock of the check of an instance wrong by `us`; 0: right again. Has no effect when it has ended. */
  skewClock(id: string, us: Micros): Promise<void>;
  /** Resolves when the audit logs of the instances that are running are in their files. */
  flushAudit(): Promise<void>;
  /** The collections of garbage of an instance so far. Rejects when it has ended, and when its server accepts no messages. */
  collections(id: string): Promise<CollectionTimes>;
  /** Stops every instance, including paused ones, and resolves when all have ended. */
  stop(): Promise<void>;
}

/** The names of instances that identify themselves as `own`; throws a `UserError` when two names are equal. */
export type NameInstances = (own: readonly (string | undefined)[]) => readonly string[];

/** Starts the instance with this index. */
export type StartInstance = (index: number, signal?: AbortSignal) => Promise<Running>;

/** The fleet of the processes in `first`, which speak `era`; `start` starts another one, given its index. Throws what `nameInstances` throws. */
export function liveFleet(
  first: readonly Running[],
  era: Era,
  nameInstances: NameInstances,
  start: StartInstance,
): Fleet {
  return new LiveFleet(first, era, nameInstances, start);
}

class LiveFleet implements Fleet {
  readonly era: Era;
  readonly found: Found | undefined;
  readonly instances: Instance[] = [];
  readonly #processes = new Map<string, Running>();
  readonly #start: StartInstance;
  readonly #nameInstances: NameInstances;
  /** The name that each instance sends; `undefined` while it is still starting. */
  readonly #own: (string | undefined)[];
  readonly #exits = new UnexpectedExits();
  readonly #gone = new Set<string>();
  /** The paused instances, each with the function that ends its guard. */
  readonly #paused = new Map<string, () => void>();
  readonly #starting = new Set<Promise<Instance>>();
  /** What has changed so far, by its version: an instance that is added later is told of it. */
  readonly #changes = new Map<number, CatalogueChange>();
  #publishedUrl: string | undefined;

  constructor(first: readonly Running[], era: Era, nameInstances: NameInstances, start: StartInstance) {
    this.era = era;
    this.found = first[0]?.found;
    this.#start = start;
    this.#nameInstances = nameInstances;
    this.#own = first.map(({ name }) => name);
    const names = nameInstances(this.#own);
    for (const [index, running] of first.entries()) this.#take(running, names[index]!);
  }

  notes(): readonly ExitNote[] {
    return this.#exits.notes();
  }

  async add(signal?: AbortSignal): Promise<Instance> {
    const adding = this.#add(this.#own.push(undefined) - 1, signal);
    this.#starting.add(adding);
    return adding.finally(() => this.#starting.delete(adding));
  }

  async #add(index: number, signal: AbortSignal | undefined): Promise<Instance> {
    const running = await this.#start(index, signal);
    this.#own[index] = running.name;
    try {
      if (this.#publishedUrl !== undefined) await running.ask?.(resourceQuestion(this.#publishedUrl));
      for (const change of this.#changes.values())
        await running.ask?.({ kind: 'catalogue', change: { ...change, notify: false } });
      return this.#take(running, this.#nameInstances(this.#own)[index]!);
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  async kill(id: string): Promise<void> {
    const { exited } = this.#of(id);
    this.#exits.expect(exited);
    this.#endGuard(id);
    this.#signal(id, 'SIGKILL');
    await exited;
  }

  pause(id: string): void {
    const { pid, ask } = this.#of(id);
    if (this.#gone.has(id) || this.#paused.has(id)) return;
    // The guard of a command ends it even when it is paused.
    this.#paused.set(id, ask === undefined ? () => {} : resumeWhenGone(pid));
    this.#signal(id, 'SIGSTOP');
  }

  resume(id: string): void {
    if (!this.#paused.has(id)) return;
    this.#signal(id, 'SIGCONT');
    this.#endGuard(id);
  }

  async slow(id: string, us: Micros): Promise<void> {
    const running = this.#of(id);
    if (this.#gone.has(id)) return;
    if (running.ask === undefined)
      throw new Error(`instance ${id} cannot be slowed: its server accepts no messages`);
    await running.ask({ slowUs: us });
  }

  async publish(url: string): Promise<void> {
    this.#publishedUrl = url;
    await this.#askAll(resourceQuestion(url));
  }

  skewClock(id: string, us: Micros): Promise<void> {
    return this.#ask(
      this.instances.filter((instance) => instance.id === id),
      { kind: 'skew', us },
    );
  }

  async changeCatalogue(id: string, change: CatalogueChange): Promise<void> {
    this.#changes.set(change.version, change);
    if (this.#gone.has(id)) return;
    try {
      await this.#of(id).ask?.({ kind: 'catalogue', change });
    } catch (error) {
      // One that has ended while it was asked offers nothing any more.
      if (!this.#gone.has(id)) throw error;
    }
  }

  flushAudit(): Promise<void> {
    return this.#askAll({ kind: 'flush' });
  }

  async collections(id: string): Promise<CollectionTimes> {
    const { ask } = this.#of(id);
    if (ask === undefined) throw new Error(`instance ${id} accepts no messages`);
    return (await ask({ kind: 'collections' })) as CollectionTimes;
  }

  #askAll(question: GuardQuestion): Promise<void> {
    return this.#ask(this.instances, question);
  }

  async #ask(instances: readonly Instance[], question: GuardQuestion): Promise<void> {
    const running = instances.filter(({ id }) => !this.#gone.has(id));
    // One without a check, or that ends while it is asked, has nothing to answer.
    await Promise.allSettled(running.map(({ id }) => this.#of(id).ask?.(question)));
  }

  async stop(): Promise<void> {
    for (const id of [...this.#paused.keys()]) this.resume(id);
    await Promise.allSettled(this.#starting);
    const running = [...this.#processes.values()];
    for (const { exited } of running) this.#exits.expect(exited);
    await Promise.all(running.map(({ stop }) => stop()));
  }

  #take(running: Running, id: string): Instance {
    const instance = { id, url: running.url, pid: running.pid };
    this.#processes.set(id, running);
    this.instances.push(instance);
    void running.exited.then(() => this.#gone.add(id));
    this.#exits.watch({ part: 'fleet', instance: id }, running.exited);
    return instance;
  }

  #of(id: string): Running {
    const found = this.#processes.get(id);
    if (found === undefined) throw new RangeError(`there is no instance ${id}`);
    return found;
  }

  #endGuard(id: string): void {
    this.#paused.get(id)?.();
    this.#paused.delete(id);
  }

  /** A process that has ended is not an error here, as its exit is reported separately. */
  #signal(id: string, name: NodeJS.Signals): void {
    const { pid, ask } = this.#of(id);
    try {
      process.kill(ask === undefined ? -pid : pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

const resourceQuestion = (url: string): GuardQuestion => ({ kind: 'resource', url });
