/** @module Starts a fleet: N instances as child processes on loopback, watched until stopped. */

import { startChild } from '../../process/child.ts';
import { keptFile } from '../../process/kept-file.ts';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { FleetSettings } from '../../profile/settings.ts';
import { type InstanceInput, type InstanceReady, MCP_PATH } from '../../server/instance.ts';
import { serverModule } from '../../server/programs.ts';
import type { StateInput } from '../../state/state-input.ts';
import { anyAborted } from '../../units/abort.ts';
import type { Micros } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import type { GuardInputOf } from '../guarded-process.ts';
import type { UnansweredInstance } from '../preparation.ts';
import type { ProbeUrl } from '../probe.ts';
import { startInstanceCommand } from './command.ts';
import { instanceNames } from './instance-names.ts';
import {
  type Fleet,
  type Instance,
  liveFleet,
  type NameInstances,
  type StartInstance,
} from './live-fleet.ts';
import type { Running } from './running.ts';

export type { Fleet, Instance };

export interface FleetOptions {
  readonly settings: FleetSettings;
  /** Seeds the service times. */
  readonly seed: number;
  /** Detects which era a server speaks; required for a `CommandServer`. */
  readonly probe?: ProbeUrl;
  /** The check of each instance; absent: they have none. */
  readonly guardOf?: GuardInputOf | undefined;
  /** How each instance keeps state, by its number from 0; absent: none does. */
  readonly stateOf?: ((index: number) => StateInput) | undefined;
  /** An existing folder for the output of the instances, one file each. Absent: the output is not kept. */
  readonly keep?: string | undefined;
  /** Is told of an instance that does not answer soon. */
  readonly onUnanswered?: ((instance: UnansweredInstance) => void) | undefined;
}

/** Generous, because many instances may start at the same time on few cores. */
const READY_WITHIN: Micros = 30_000_000;

/**
 * Starts all instances at the same time. Rejects with a `UserError` when one of them fails to start and with the
 * signal's reason when aborted; in either case none is left running.
 */
export async function startFleet(options: FleetOptions, signal?: AbortSignal): Promise<Fleet> {
  const start = starter(options);
  const failure = new AbortController();
  const either = anyAborted(signal, failure.signal);
  const starting = Array.from({ length: options.settings.instances }, (_, index) => start(index, either));
  try {
    const running = await Promise.all(starting);
    const { instanceHeader } = options.settings;
    checkOneEra(running);
    const name: NameInstances = (own) => instanceNames(own, instanceHeader, 'fleet');
    return liveFleet(running, eraOf(options.settings, running), name, start);
  } catch (error) {
    failure.abort(error);
    const settled = await Promise.allSettled(starting);
    await Promise.all(
      settled.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)),
    );
    throw error;
  }
}

/** With `fleet.era: auto`, all instances have to speak the same era. */
function checkOneEra(running: readonly Running[]): void {
  const eras = running.map(({ found }) => found?.era);
  const other = eras.findIndex((era) => era !== eras[0]);
  if (other === -1) return;
  throw new UserError({
    where: 'fleet.era',
    what: `instance 1 speaks the MCP era ${eras[0]}, instance ${other + 1} speaks ${eras[other]}`,
    expected: 'the same era of all instances',
    todo: 'correct the command, or set fleet.era',
  });
}

/** The era in force: what was set, or what was found. */
function eraOf({ era }: FleetSettings, running: readonly Running[]): Era {
  return era === 'auto' ? (running[0]?.found?.era ?? ERAS[0]) : era;
}

function starter({
  settings,
  seed,
  probe,
  keep,
  guardOf,
  stateOf,
  onUnanswered,
}: FleetOptions): StartInstance {
  const { server, era, tools, offer, rounds, apps, tasks } = settings;
  const outputFile = (id: string): string | undefined => keptFile(keep, `instance-${id}.log`);
  if (typeof server === 'object') {
    if (probe === undefined) throw new Error('A server by its command needs a probe');
    const ports = new Set<number>();
    return (index, signal) => {
      const id = String(index + 1);
      const instance = { id, server, era, probe, ports, outputFile: outputFile(id), onUnanswered };
      return startInstanceCommand(instance, signal);
    };
  }
  const module = serverModule({ server, era: era === 'auto' ? ERAS[0] : era });
  return (index, signal) => {
    const id = String(index + 1);
    const guard = guardOf?.({ kind: 'instance', id, index });
    const state = stateOf?.(index);
    const more = { ...(rounds && { rounds }), ...(apps && { apps }), ...(tasks && { tasks }) };
    const input = {
      id,
      index,
      seed,
      tools,
      offer,
      ...(guard && { guard }),
      ...(state && { state }),
      ...more,
    };
    return startOwnServer({ module, input, outputFile: outputFile(id) }, signal);
  };
}

interface OwnInstance {
  readonly module: URL;
  readonly input: InstanceInput;
  readonly outputFile: string | undefined;
}

async function startOwnServer(instance: OwnInstance, signal?: AbortSignal): Promise<Running> {
  const { input } = instance;
  const child = await startChild<InstanceReady>(
    { name: `instance ${input.id}`, ...instance, readyWithinUs: READY_WITHIN },
    signal,
  );
  const { pid, exited } = child;
  const url = `http://127.0.0.1:${child.ready.port}${MCP_PATH}`;
  return { url, name: input.id, pid, exited, stop: () => child.stop(), ask: (message) => child.ask(message) };
}
