/** @module From a valid document to settings: text becomes numbers with units, and what a default still leaves open is decided. */
import { resolve } from 'node:path';
import { type Micros, type PerSecond, parseDuration, parseRate } from '../units/time.ts';
import type { ProfileDocument } from './schema.ts';
import { Balancer, Tools } from './section/fleet.ts';
import { parseBytes } from './section/values.ts';
import {
  type CallSettings,
  type CommandServer,
  FAULT_KINDS,
  type FleetSettings,
  type LoadSettings,
  type PlannedFault,
  type ReplicaSettings,
  type ServiceTime,
  type Settings,
  type Shape,
  type Stage,
  type TargetSettings,
  type ToolSettings,
} from './settings.ts';

const DURATION = '10s';

/** The settings of one variant, from its merged document. Paths in it are relative to `folder`. */
export function completeSettings(document: ProfileDocument, folder: string): Settings {
  const base = { load: completeLoad(document.load), calls: document.calls.map(completeCall) };
  const endpoint =
    document.target === undefined ? completeFleet(document.fleet!, folder) : completeTarget(document.target);
  if (endpoint.kind === 'target') return { ...base, endpoint };
  const faults = document.faults.map(completeFault).sort((a, b) => a.atUs - b.atUs);
  return {
    ...base,
    endpoint,
    balancer: document.balancer ?? Balancer.parse({}),
    ...(faults.length > 0 ? { faults } : {}),
  };
}

/** How long what lasts a while lasts by default. */
const LASTS = '2s';
const SLOWER_BY = '200ms';

function completeFault(fault: Of<'faults'>[number]): PlannedFault {
  const kind = FAULT_KINDS.find((each) => fault[each] !== undefined)!;
  const number = fault[kind];
  const lasts = kind === 'kill' || kind === 'add' ? '0s' : (fault.for ?? fault.every ?? LASTS);
  return {
    kind,
    atUs: micros(fault.at),
    count: typeof number === 'number' ? number : 0,
    ...(fault.instance === undefined ? {} : { instance: fault.instance }),
    forUs: micros(lasts),
    byUs: kind === 'slow' ? micros(fault.by ?? SLOWER_BY) : 0,
  };
}

type Of<Key extends keyof ProfileDocument> = NonNullable<ProfileDocument[Key]>;

function completeLoad(load: Of<'load'>): LoadSettings {
  const { arrivals, agents, connections, workers, driver, maxInFlight, checkIds } = load;
  const shape = shapeOf(load);
  return {
    shape,
    arrivals,
    warmupUs: micros(load.warmup),
    durationUs: shape.kind === 'stages' ? total(shape.stages) : micros(load.duration ?? DURATION),
    agents,
    connections,
    timeoutUs: micros(load.timeout),
    driver,
    maxInFlight,
    checkIds,
    workers,
    ...(load.perConnection === undefined ? {} : { perConnection: load.perConnection }),
    ...(load.skew > 0 ? { skew: load.skew } : {}),
  };
}

function shapeOf({ rate, stages, concurrency }: Of<'load'>): Shape {
  if (stages !== undefined) return { kind: 'stages', stages: completeStages(stages) };
  if (concurrency !== undefined) return { kind: 'closed', concurrency };
  return { kind: 'rate', perSecond: perSecond(rate!) };
}

/** Each stage starts where the one before ended; a spike leaves no trace, and the first starts at its own rate. */
function completeStages(stages: NonNullable<Of<'load'>['stages']>): readonly Stage[] {
  let before: PerSecond | undefined;
  return stages.map(({ duration, rate, from, step, spike }): Stage => {
    const durationUs = micros(duration);
    if (spike !== undefined)
      return { durationUs, fromPerSecond: perSecond(spike), toPerSecond: perSecond(spike) };
    const toPerSecond = perSecond(rate!);
    const start = from === undefined ? (before ?? toPerSecond) : perSecond(from);
    before = toPerSecond;
    return { durationUs, fromPerSecond: step === true ? toPerSecond : start, toPerSecond };
  });
}

const total = (stages: readonly Stage[]): Micros => stages.reduce((sum, stage) => sum + stage.durationUs, 0);

function completeCall(call: Of<'calls'>[number]): CallSettings {
  const { tool, weight } = call;
  if (tool === undefined) return { name: 'tools/list', method: 'tools/list', weight };
  return { name: `tools/call ${tool}`, method: 'tools/call', tool, arguments: call.arguments ?? {}, weight };
}

function completeTarget(target: Of<'target'>): TargetSettings | ReplicaSettings {
  const { url, proxy, instances, era, headers } = target;
  const base = { era, headers, instanceHeader: target.instanceHeader.toLowerCase() };
  return instances === undefined
    ? { kind: 'target', url: url!, ...base, ...(proxy === undefined ? {} : { proxy }) }
    : { kind: 'replicas', urls: instances, ...base };
}

function completeFleet(fleet: Of<'fleet'>, folder: string): FleetSettings {
  const { server, era, instances, tools = Tools.parse({}), instanceHeader } = fleet;
  return {
    kind: 'fleet',
    server: typeof server === 'string' ? server : completeCommand(server, folder),
    era,
    instances,
    tools: completeTools(tools),
    instanceHeader: instanceHeader.toLowerCase(),
  };
}

function completeTools(tools: NonNullable<Of<'fleet'>['tools']>): ToolSettings {
  const { catalogue, work, reportBytes, ttl, cacheScope, list, concurrency } = tools;
  const listUs = micros(list);
  return {
    catalogue,
    work: completeWork(work),
    reportBytes: parseBytes(reportBytes)!,
    ttlMs: micros(ttl) / 1000,
    cacheScope,
    ...(listUs === 0 ? {} : { listUs }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

type CommandDocument = Exclude<Of<'fleet'>['server'], string>;

function completeCommand({ command, env, cwd, ready, path }: CommandDocument, folder: string): CommandServer {
  return {
    // The schema let no empty list through.
    command: command as CommandServer['command'],
    env,
    cwd: resolve(folder, cwd),
    readyWithinUs: micros(ready),
    path,
  };
}

function completeWork(work: NonNullable<Of<'fleet'>['tools']>['work']): ServiceTime {
  if (typeof work === 'string') return { kind: 'constant', us: micros(work) };
  const { uniform, exponential, lognormal, bimodal } = work;
  if (uniform) return { kind: 'uniform', minUs: micros(uniform.min), maxUs: micros(uniform.max) };
  if (exponential) return { kind: 'exponential', meanUs: micros(exponential.mean) };
  if (lognormal) return { kind: 'lognormal', medianUs: micros(lognormal.median), sigma: lognormal.sigma };
  const { fast, slow, slowShare } = bimodal!;
  return { kind: 'bimodal', fastUs: micros(fast), slowUs: micros(slow), slowShare };
}

/** The schema let only durations and rates through. */
const micros = (text: string): Micros => parseDuration(text)!;
const perSecond = (text: string): PerSecond => parseRate(text)!;
