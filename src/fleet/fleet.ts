/** @module Starts a fleet: N instances as child processes on loopback, watched until stopped. */
import { type Child, type Exit, startChild } from '../process/child.ts';
import type { FleetSettings } from '../profile/settings.ts';
import { compiledModule } from '../units/compiled.ts';
import { UserFault } from '../units/fault.ts';
import type { Micros } from '../units/time.ts';
import { type InstanceInput, type InstanceReady, MCP_PATH } from './servers/instance.ts';

/** One server process. */
export interface Instance {
  /** `"1"` to `"N"`; what its answers carry as `x-served-by`. */
  readonly id: string;
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string;
  readonly pid: number;
}

/** All instances of one variant. */
export interface Fleet {
  readonly instances: readonly Instance[];
  /** Calls `listener` for every instance that ends although nobody stopped it, also when that was before this call. */
  onExit(listener: (instance: Instance, exit: Exit) => void): void;
  /** Stops every instance and resolves when all are gone. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly settings: FleetSettings;
  /** Seeds the service times. */
  readonly seed: number;
}

/** Generous: many instances load at once on few cores. */
const READY_WITHIN: Micros = 30_000_000;

/**
 * Starts all instances at once. Rejects with a {@link UserFault} when one of them fails to start and with the
 * signal's reason when aborted; either way none is left running.
 */
export async function startFleet(options: FleetOptions, signal?: AbortSignal): Promise<Fleet> {
  const module = serverModule(options.settings);
  const failure = new AbortController();
  const either = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const starting = Array.from({ length: options.settings.instances }, (_, index) => {
    const input: InstanceInput = {
      id: String(index + 1),
      index,
      seed: options.seed,
      tools: options.settings.tools,
    };
    const child = { name: `instance ${input.id}`, module, input, readyWithinUs: READY_WITHIN };
    return startChild<InstanceReady>(child, either);
  });
  try {
    return watch(await Promise.all(starting));
  } catch (error) {
    failure.abort(error);
    const settled = await Promise.allSettled(starting);
    await Promise.all(
      settled.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)),
    );
    throw error;
  }
}

function serverModule({ server, era }: FleetSettings): URL {
  if (server === 'lean' && era === 'sessions') {
    throw new UserFault({
      where: 'fleet.era',
      what: 'the lean server has no sessions',
      expected: 'stateless',
      todo: 'set fleet.server: sdk for sessions, or fleet.era: stateless',
    });
  }
  return compiledModule(import.meta.url, `./servers/${server === 'lean' ? 'lean' : `sdk-${era}`}`);
}

function watch(children: readonly Child<InstanceReady>[]): Fleet {
  let stopping = false;
  const instances = children.map((child, index) => ({
    id: String(index + 1),
    url: `http://127.0.0.1:${child.ready.port}${MCP_PATH}`,
    pid: child.pid,
  }));
  return {
    instances,
    onExit(listener) {
      for (const [index, child] of children.entries()) {
        void child.exited.then((exit) => {
          if (!stopping) listener(instances[index]!, exit);
        });
      }
    },
    async stop() {
      stopping = true;
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}
