/** @module A fleet that is up: watched until stopped, and harmed on purpose when asked to. */
import type { Exit } from '../../process/exit.ts';
import { resumeWhenGone } from '../../process/resume-guard.ts';
import type { Micros } from '../../units/time.ts';
import type { Running } from './running.ts';

/** One server process. */
export interface Instance {
  /** `"1"` to `"N"`, or as its own answers name it. */
  readonly id: string;
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string;
  readonly pid: number;
}

/** All instances of one variant. */
export interface Fleet {
  /** Also those that ended; grows with `add`. */
  readonly instances: readonly Instance[];
  /** Calls `listener` for every instance that ends although nobody here ended it, also when that was before this call. */
  onExit(listener: (instance: Instance, exit: Exit) => void): void;
  /** Starts one more; resolves when it serves. Rejects with a `UserError` when it does not. */
  add(): Promise<Instance>;
  /** Ends an instance at once, without a word (SIGKILL); resolves when it is gone. */
  kill(id: string): Promise<void>;
  /** Lets it stand where it is (SIGSTOP) until `resume` (SIGCONT). Nothing, when it has ended. */
  pause(id: string): void;
  resume(id: string): void;
  /** Delays each of its answers by `us` from now on; 0 ends that. Rejects when it cannot be told; nothing, when it has ended. */
  slow(id: string, us: Micros): Promise<void>;
  /** Stops every instance, paused ones too, and resolves when all are gone. */
  stop(): Promise<void>;
}

/** The names of instances that call themselves `own`; throws a `UserError` when these do not tell them apart. */
export type NameInstances = (own: readonly (string | undefined)[]) => readonly string[];

/** The fleet of the processes in `first`; `start` makes another one, given its place. Throws what `nameInstances` throws. */
export function liveFleet(
  first: readonly Running[],
  nameInstances: NameInstances,
  start: (index: number) => Promise<Running>,
): Fleet {
  return new LiveFleet(first, nameInstances, start);
}

class LiveFleet implements Fleet {
  readonly instances: Instance[] = [];
  readonly #processes = new Map<string, Running>();
  readonly #start: (index: number) => Promise<Running>;
  readonly #nameInstances: NameInstances;
  /** What each calls itself; the place of one that is still starting is empty. */
  readonly #own: (string | undefined)[];
  /** Ended by us, one by one: no news. */
  readonly #ended = new Set<string>();
  readonly #gone = new Set<string>();
  /** The paused ones, with what lets go of each. */
  readonly #paused = new Map<string, () => void>();
  readonly #starting = new Set<Promise<Instance>>();
  #stopping = false;
  #listener: ((instance: Instance, exit: Exit) => void) | undefined;

  constructor(
    first: readonly Running[],
    nameInstances: NameInstances,
    start: (index: number) => Promise<Running>,
  ) {
    this.#start = start;
    this.#nameInstances = nameInstances;
    this.#own = first.map(({ name }) => name);
    const names = nameInstances(this.#own);
    for (const [index, running] of first.entries()) this.#take(running, names[index]!);
  }

  onExit(listener: (instance: Instance, exit: Exit) => void): void {
    this.#listener = listener;
    for (const instance of this.instances) this.#watch(instance);
  }

  async add(): Promise<Instance> {
    const adding = this.#add(this.#own.push(undefined) - 1);
    this.#starting.add(adding);
    return adding.finally(() => this.#starting.delete(adding));
  }

  async #add(index: number): Promise<Instance> {
    const running = await this.#start(index);
    this.#own[index] = running.name;
    try {
      const instance = this.#take(running, this.#nameInstances(this.#own)[index]!);
      if (this.#listener !== undefined) this.#watch(instance);
      return instance;
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  async kill(id: string): Promise<void> {
    this.#ended.add(id);
    this.#letGo(id);
    this.#signal(id, 'SIGKILL');
    await this.#of(id).exited;
  }

  pause(id: string): void {
    const { pid, ask } = this.#of(id);
    if (this.#gone.has(id) || this.#paused.has(id)) return;
    // A command's leash ends it even when it is stopped.
    this.#paused.set(id, ask === undefined ? () => {} : resumeWhenGone(pid));
    this.#signal(id, 'SIGSTOP');
  }

  resume(id: string): void {
    if (!this.#paused.has(id)) return;
    this.#signal(id, 'SIGCONT');
    this.#letGo(id);
  }

  async slow(id: string, us: Micros): Promise<void> {
    const running = this.#of(id);
    if (this.#gone.has(id)) return;
    if (running.ask === undefined) throw new Error(`instance ${id} cannot be told to be slow`);
    await running.ask({ slowUs: us });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const id of [...this.#paused.keys()]) this.resume(id);
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#processes.values()].map((running) => running.stop()));
  }

  #take(running: Running, id: string): Instance {
    const instance = { id, url: running.url, pid: running.pid };
    this.#processes.set(id, running);
    this.instances.push(instance);
    void running.exited.then(() => this.#gone.add(id));
    return instance;
  }

  #watch(instance: Instance): void {
    void this.#of(instance.id).exited.then((exit) => {
      if (!this.#stopping && !this.#ended.has(instance.id)) this.#listener?.(instance, exit);
    });
  }

  #of(id: string): Running {
    const found = this.#processes.get(id);
    if (found === undefined) throw new RangeError(`there is no instance ${id}`);
    return found;
  }

  #letGo(id: string): void {
    this.#paused.get(id)?.();
    this.#paused.delete(id);
  }

  /** That a process is gone is no fault: its exit tells it. */
  #signal(id: string, name: NodeJS.Signals): void {
    const { pid, ask } = this.#of(id);
    try {
      process.kill(ask === undefined ? -pid : pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
