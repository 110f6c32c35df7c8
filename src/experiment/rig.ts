/** @module What a trial is run against: a fleet behind a balancer, or a target that is already there. */
import { probe } from '../agent/probe.ts';
import { startBalancer } from '../balancer/balancer.ts';
import type { DriverOptions } from '../driver/driver.ts';
import { startFleet } from '../fleet/fleet.ts';
import { describeExit } from '../process/child.ts';
import type { Era, FleetSettings, Settings, TargetSettings } from '../profile/settings.ts';
import { systemClock } from '../units/clock.ts';

/** Something to send load to. */
export interface Rig {
  readonly url: string;
  readonly era: Era;
  readonly headers: Readonly<Record<string, string>>;
  /** Ours; empty with a target. */
  readonly instances: readonly { readonly id: string; readonly url: string }[];
  /** What happened to it that a reader of the figures should know. Grows while it is up. */
  readonly notes: readonly string[];
  /** Takes down what was started. */
  stop(): Promise<void>;
}

/** How requests are secured and timed, for the probe as for the load. */
export type Wire = Pick<DriverOptions, 'tls'>;

/** Brings up what `settings` asks for. Throws a `UserFault` when that cannot be done; leaves nothing behind then. */
export function raiseRig(settings: Settings, seed: number, wire: Wire, signal?: AbortSignal): Promise<Rig> {
  return settings.endpoint.kind === 'target'
    ? visitTarget(settings.endpoint, settings, wire)
    : raiseFleet(settings.endpoint, settings, seed, signal);
}

async function visitTarget(target: TargetSettings, { load }: Settings, { tls }: Wire): Promise<Rig> {
  const driver = {
    url: target.url,
    timeoutUs: load.timeoutUs,
    checkIds: load.checkIds,
    clock: systemClock,
    instanceHeader: 'x-served-by',
    tls,
  };
  const era = await probe({ driver, era: target.era, headers: target.headers });
  return {
    url: target.url,
    era,
    headers: target.headers,
    instances: [],
    notes: [],
    stop: async () => undefined,
  };
}

async function raiseFleet(
  fleetSettings: FleetSettings,
  settings: Settings,
  seed: number,
  signal?: AbortSignal,
): Promise<Rig> {
  const fleet = await startFleet({ settings: fleetSettings, seed }, signal);
  const notes: string[] = [];
  let stopping = false;
  fleet.onExit((instance, exit) => {
    if (!stopping)
      notes.push(`instance ${instance.id} ${describeExit(exit)} in mid-run${lastLine(exit.log)}`);
  });
  try {
    const balancer = await startBalancer(
      { settings: settings.balancer!, upstreams: fleet.instances, seed },
      signal,
    );
    balancer.onExit((exit) => {
      if (!stopping) notes.push(`the balancer ${describeExit(exit)} in mid-run${lastLine(exit.log)}`);
    });
    const stop = async (): Promise<void> => {
      stopping = true;
      await Promise.all([balancer.stop(), fleet.stop()]);
    };
    return {
      url: balancer.url,
      era: fleetSettings.era,
      headers: {},
      instances: fleet.instances,
      notes,
      stop,
    };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}

function lastLine(log: string): string {
  const line = log.trim().split('\n').at(-1);
  return line === undefined || line === '' ? '' : `: ${line}`;
}
