/** @module Starts a fleet: N instances as child processes on loopback, watched until stopped. */
import { startChild } from '../../process/child.ts';
import type { FleetSettings } from '../../profile/settings.ts';
import { type InstanceInput, type InstanceReady, MCP_PATH } from '../../server/instance.ts';
import { serverModule } from '../../server/programs.ts';
import type { Micros } from '../../units/time.ts';
import { type Greet, startInstanceCommand } from './command.ts';
import { instanceNames } from './instance-names.ts';
import { type Fleet, type Instance, liveFleet } from './live-fleet.ts';
import type { Running } from './running.ts';

export type { Fleet, Instance };

export interface FleetOptions {
  readonly settings: FleetSettings;
  /** Seeds the service times. */
  readonly seed: number;
  /** Asks a server that is not ours what it is; needed for a `CommandServer`. */
  readonly greet?: Greet;
}

/** Generous: many instances load at once on few cores. */
const READY_WITHIN: Micros = 30_000_000;

/**
 * Starts all instances at once. Rejects with a `UserError` when one of them fails to start and with the
 * signal's reason when aborted; either way none is left running.
 */
export async function startFleet(options: FleetOptions, signal?: AbortSignal): Promise<Fleet> {
  const start = starter(options);
  const failure = new AbortController();
  const either = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const starting = Array.from({ length: options.settings.instances }, (_, index) => start(index, either));
  try {
    const running = await Promise.all(starting);
    const { instanceHeader } = options.settings;
    return liveFleet(
      running,
      (own) => instanceNames(own, instanceHeader, 'fleet'),
      (index) => start(index, failure.signal),
    );
  } catch (error) {
    failure.abort(error);
    const settled = await Promise.allSettled(starting);
    await Promise.all(
      settled.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)),
    );
    throw error;
  }
}

/** Starts the instance with this index. */
type StartInstance = (index: number, signal: AbortSignal) => Promise<Running>;

function starter({ settings, seed, greet }: FleetOptions): StartInstance {
  const { server, era, tools } = settings;
  if (typeof server === 'object') {
    if (greet === undefined) throw new Error('A server that is not ours needs somebody to greet it');
    const ports = new Set<number>();
    return (index, signal) =>
      startInstanceCommand({ id: String(index + 1), server, era, greet, ports }, signal);
  }
  const module = serverModule({ server, era });
  return (index, signal) => startOurs(module, { id: String(index + 1), index, seed, tools }, signal);
}

async function startOurs(module: URL, input: InstanceInput, signal: AbortSignal): Promise<Running> {
  const child = await startChild<InstanceReady>(
    { name: `instance ${input.id}`, module, input, readyWithinUs: READY_WITHIN },
    signal,
  );
  const { pid, exited } = child;
  const url = `http://127.0.0.1:${child.ready.port}${MCP_PATH}`;
  return { url, name: input.id, pid, exited, stop: () => child.stop(), ask: (message) => child.ask(message) };
}
