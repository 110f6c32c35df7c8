/** @module What a trial is run against: a fleet behind a balancer, or a target that is already there. */

import { type Balancer, startBalancer } from '../balancer/balancer.ts';
import type { DriverOptions } from '../driver/driver.ts';
import { describeExit } from '../process/exit.ts';
import type { Era, FleetSettings, ReplicaSettings, Settings, TargetSettings } from '../profile/settings.ts';
import { unsupportedEra, unsupportedPolicyEra } from '../profile/unsupported.ts';
import { systemClock } from '../units/clock.ts';
import { UserError } from '../units/user-error.ts';
import type { Stage } from './events/timeline.ts';
import { type Fleet, startFleet } from './fleet/fleet.ts';
import { instanceNames } from './fleet/instance-names.ts';
import { type Found, probe } from './probe.ts';
import { createStage, joiners } from './stage.ts';

/** Something to send load to. */
export interface Rig {
  readonly url: string;
  readonly era: Era;
  readonly headers: Readonly<Record<string, string>>;
  /** On the way to the URL, with its credentials. */
  readonly proxy?: string;
  /** Ours; empty with a target. */
  readonly instances: readonly { readonly id: string; readonly url: string }[];
  /** What happened to it that a reader of the figures should know. Grows while it is up. */
  readonly notes: readonly string[];
  /** What faults act upon; only where the settings ask for some. */
  readonly stage?: Stage;
  /** Takes down what was started. */
  stop(): Promise<void>;
}

/** How requests are secured and timed, for the probe as for the load. */
export type TlsOptions = Pick<DriverOptions, 'tls'>;

/** Brings up what `settings` asks for. Throws a `UserError` when that cannot be done; leaves nothing behind then. */
export async function raiseRig(
  settings: Settings,
  seed: number,
  wire: TlsOptions,
  signal?: AbortSignal,
): Promise<Rig> {
  const { endpoint } = settings;
  const ask = asker(settings, wire);
  if (endpoint.kind === 'fleet') return raiseFleet(endpoint, settings, seed, ask, signal);
  return endpoint.kind === 'target'
    ? visitTarget(endpoint, settings, ask)
    : joinReplicas(endpoint, settings, seed, ask, signal);
}

/** Asks who answers at a URL. */
type Ask = (url: string, era: Era | 'auto') => Promise<Found>;

function asker({ load, endpoint }: Settings, { tls }: TlsOptions): Ask {
  const { timeoutUs, checkIds } = load;
  const { instanceHeader } = endpoint;
  const headers = endpoint.kind === 'fleet' ? {} : endpoint.headers;
  const way = proxyOf(endpoint);
  return (url, era) =>
    probe({
      driver: { url, timeoutUs, checkIds, clock: systemClock, instanceHeader, tls, ...way },
      era,
      headers,
    });
}

function proxyOf(endpoint: Settings['endpoint']): Pick<Rig, 'proxy'> {
  return endpoint.kind === 'target' && endpoint.proxy !== undefined ? { proxy: endpoint.proxy } : {};
}

async function visitTarget(target: TargetSettings, settings: Settings, ask: Ask): Promise<Rig> {
  const { url, headers, instanceHeader } = target;
  const { era, instance } = await ask(url, target.era);
  checkEra(settings, era);
  const nameless =
    era === 'sessions' && instance === undefined
      ? [
          `the answers carry no ${instanceHeader}, so nobody can tell which instance served a call: owner hits and balance are unknown (target.instanceHeader names another header; target.instances puts a balancer in front that knows)`,
        ]
      : [];
  const stop = async (): Promise<void> => undefined;
  return { url, era, headers, ...proxyOf(target), instances: [], notes: nameless, stop };
}

/** Throws a {@link UserError} when the era that was detected is one that the driver or the policy does not support. */
function checkEra({ load, balancer }: Settings, era: Era): void {
  const driver = unsupportedEra(load.driver, era);
  const policy = balancer && unsupportedPolicyEra(balancer.policy, era);
  const problems = [
    ...(driver ? [{ where: 'load.driver', ...driver }] : []),
    ...(policy ? [{ where: 'balancer.policy', ...policy }] : []),
  ];
  if (problems.length > 0) throw new UserError(problems);
}

async function joinReplicas(
  replicas: ReplicaSettings,
  settings: Settings,
  seed: number,
  ask: Ask,
  signal?: AbortSignal,
): Promise<Rig> {
  const { urls, headers, instanceHeader } = replicas;
  const first = await ask(urls[0]!, replicas.era);
  const others = await Promise.all(urls.slice(1).map((url) => ask(url, first.era)));
  checkEra(settings, first.era);
  const names = instanceNames(
    [first, ...others].map(({ instance }) => instance),
    instanceHeader,
    'target',
  );
  const instances = urls.map((url, index) => ({ id: names[index]!, url }));
  const notes: string[] = [];
  const balancer = await raiseBalancer(settings, instances, seed, notes, signal);
  return { url: balancer.url, era: first.era, headers, instances, notes, stop: balancer.stop };
}

/** The balancer in front of `instances`; its end, unless asked for, is noted. */
async function raiseBalancer(
  { balancer, endpoint: { instanceHeader } }: Settings,
  upstreams: Rig['instances'],
  seed: number,
  notes: string[],
  signal?: AbortSignal,
): Promise<Balancer> {
  const options = { settings: balancer!, upstreams, seed, instanceHeader };
  const balancing = await startBalancer(options, signal);
  let stopping = false;
  balancing.onExit((exit) => {
    if (!stopping) notes.push(`the balancer ${describeExit(exit)} in mid-run${lastLines(exit.log)}`);
  });
  return {
    ...balancing,
    stop: () => {
      stopping = true;
      return balancing.stop();
    },
  };
}

async function raiseFleet(
  fleetSettings: FleetSettings,
  settings: Settings,
  seed: number,
  greet: Ask,
  signal?: AbortSignal,
): Promise<Rig> {
  const fleet = await startFleet({ settings: fleetSettings, seed, greet }, signal);
  const notes: string[] = [];
  let stopping = false;
  fleet.onExit((instance, exit) => {
    if (!stopping)
      notes.push(`instance ${instance.id} ${describeExit(exit)} in mid-run${lastLines(exit.log)}`);
  });
  try {
    const instances = [...fleet.instances];
    const standby = await startStandby(fleet, settings);
    const balancer = await raiseBalancer(settings, instances, seed, notes, signal);
    const stop = async (): Promise<void> => {
      stopping = true;
      await Promise.all([balancer.stop(), fleet.stop()]);
    };
    return {
      url: balancer.url,
      era: fleetSettings.era,
      headers: {},
      instances,
      notes,
      ...(settings.faults && { stage: createStage(fleet, balancer, instances, standby) }),
      stop,
    };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}

/**
 * Starts the instances that join later, ahead of the load: a new server of a real fleet starts on a machine of its own, and must
 * not take the processor from those being measured.
 */
function startStandby(fleet: Fleet, { faults = [] }: Settings): Promise<readonly Rig['instances'][number][]> {
  const joining = joiners(faults, fleet.instances.length);
  return Promise.all(Array.from({ length: joining }, () => fleet.add()));
}

/** What it said at the end: enough to hold a stack trace, of which the last line says little. */
const LINES = 8;

function lastLines(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : `; its last words: ${lines.slice(-LINES).join('\n')}`;
}
