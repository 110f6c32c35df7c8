/** @module The balancers that a section measures, each on its own core, and their CPU time. */
import { readFileSync } from 'node:fs';
import type { startBalancer } from '../src/balancer/balancer.ts';
import type { Balancer, BalancerOptions } from '../src/balancer/engine/engine.ts';
import type { EngineName } from '../src/profile/settings.ts';
import { type Build, moduleOf, nameIn } from './build.ts';
import { CORE, pinProcess } from './command.ts';
import type { Arm, Sample } from './rounds.ts';

interface RouteOptions {
  readonly engines: readonly EngineName[];
  readonly upstreams: BalancerOptions['upstreams'];
  /** Loads a balancer that has just started. */
  warmUp(balancer: Balancer): Promise<unknown>;
}

/** Balancers in front of the same servers, started when they are first measured. */
export class Routes {
  readonly #options: RouteOptions;
  readonly #started = new Map<string, Balancer>();

  constructor(options: RouteOptions) {
    this.#options = options;
  }

  /** An arm for each engine, of which `measure` takes the figures. */
  arms(measure: (balancer: Balancer, seconds: number) => Promise<Sample>): readonly Arm[] {
    return this.#options.engines.map((engine) => ({
      name: engine,
      of: engine === 'embedded' ? 'paceline' : 'other program',
      measure: async (seconds, build) => measure(await this.#balancerOf(engine, build), seconds),
    }));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#started.values()].map((balancer) => balancer.stop()));
  }

  async #balancerOf(engine: EngineName, build: Build): Promise<Balancer> {
    const name = nameIn(build, engine);
    const running = this.#started.get(name);
    if (running !== undefined) return running;
    const { upstreams, warmUp } = this.#options;
    const settings = { engine, policy: 'round-robin' } as const;
    const balancers = await moduleOf<{ startBalancer: typeof startBalancer }>(
      build,
      'src/balancer/balancer.js',
    );
    const balancer = await balancers.startBalancer({ settings, upstreams, seed: 1 });
    this.#started.set(name, balancer);
    for (const pid of [balancer.pid, ...childrenOf(balancer.pid)]) await pinProcess(CORE.server, pid);
    await warmUp(balancer);
    return balancer;
  }
}

/** CPU time of a process and its children so far, in microseconds; NaN if the system does not report it. */
export function cpuTimeOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + cpuTime(each), 0);
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function cpuTime(pid: number): number {
  try {
    return readCpuTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** Microseconds of CPU time in a line of `/proc/PID/stat`: user and system, of all threads, in ticks of 10 ms (proc(5), USER_HZ). */
export function readCpuTime(stat: string): number {
  // The second field is a name in parentheses and may contain spaces; utime and stime are the 14th and the 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
