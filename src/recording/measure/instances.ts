/** @module Calls per instance that answered them: how the load was spread. */
import type { Micros } from '../../units/time.ts';
import { addCounts, byName, groupByName, misuseRefusedOf } from '../counts.ts';
import { OTHER } from '../details.ts';
import { emptySeries, mergeSeries, type Series, Tally } from '../histogram.ts';

/** One instance. `calls` counts every call that it answered, whatever the outcome. */
export interface RecordedInstance {
  readonly name: string;
  readonly calls: number;
  /** Those of them that ended `ok`. Absent from older recordings, like their times. */
  readonly ok?: number;
  /** Those of them that were planted misuse, and were refused. Absent where there were none. */
  readonly misuseRefused?: number;
  readonly okResponseTime?: Series;
  readonly responseTime: Series;
}

/** Instances counted apart: their tallies take 93 KB each, twice that with failed calls. Further names share the entry `(other)`. */
const LIMIT = 256;

interface InstanceTally {
  readonly name: string;
  /** In the order of first appearance, from 0. */
  readonly place: number;
  calls: number;
  ok: number;
  misuseRefused: number;
  readonly okResponse: Tally;
  /** Made for the first call that fails: most instances have none. */
  failedResponse: Tally | undefined;
}

/** Counts the calls of each instance; the recorder calls it directly, once an answered call. */
export class InstanceTallies {
  readonly #instances = new Map<string, InstanceTally>();
  readonly #names: string[] = [];

  /** The names that calls are counted under, in the order of first appearance. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** `name` answered a call, which ended `ok` or not; `responseUs` (clamped) is undefined when its time counts in no series. Returns its place in {@link InstanceTallies.names}. */
  answered(name: string, ok: boolean, responseUs: Micros | undefined, misuse = false): number {
    const instance = this.#instances.get(name) ?? this.#added(name);
    instance.calls += 1;
    if (ok) instance.ok += 1;
    else if (misuse) instance.misuseRefused += 1;
    if (responseUs !== undefined) tallyOf(instance, ok).record(responseUs);
    return instance.place;
  }

  /** In the order of the names. */
  close(): readonly RecordedInstance[] {
    return [...this.#instances.values()].map(recorded).sort(byName);
  }

  #added(name: string): InstanceTally {
    const counted = this.#instances.size >= LIMIT ? OTHER : name;
    const known = this.#instances.get(counted);
    if (known) return known;
    const fresh: InstanceTally = {
      name: counted,
      place: this.#names.length,
      calls: 0,
      ok: 0,
      misuseRefused: 0,
      okResponse: new Tally(),
      failedResponse: undefined,
    };
    this.#names.push(counted);
    this.#instances.set(counted, fresh);
    return fresh;
  }
}

function tallyOf(instance: InstanceTally, ok: boolean): Tally {
  if (ok) return instance.okResponse;
  instance.failedResponse ??= new Tally();
  return instance.failedResponse;
}

function recorded({
  name,
  calls,
  ok,
  misuseRefused,
  okResponse,
  failedResponse,
}: InstanceTally): RecordedInstance {
  const okResponseTime = okResponse.series();
  const failed = failedResponse?.series();
  const responseTime = failed === undefined ? okResponseTime : mergeSeries([okResponseTime, failed]);
  return { name, calls, ok, ...(misuseRefused > 0 && { misuseRefused }), okResponseTime, responseTime };
}

/** Equal instances as one, in the order of the names. */
export function mergeInstances(instances: readonly RecordedInstance[]): readonly RecordedInstance[] {
  return groupByName(instances)
    .map((group) => ({
      name: group[0]!.name,
      ...addCounts(['calls'], group),
      ...mergeOk(group),
      ...misuseRefusedOf(group),
      responseTime: mergeSeries(group.map((instance) => instance.responseTime)),
    }))
    .sort(byName);
}

/** Nothing where a recording does not have it. */
function mergeOk(group: readonly RecordedInstance[]): Pick<RecordedInstance, 'ok' | 'okResponseTime'> {
  const known = group.flatMap(({ ok, okResponseTime }) =>
    ok === undefined || okResponseTime === undefined ? [] : [{ ok, okResponseTime }],
  );
  if (known.length < group.length) return {};
  return {
    ...addCounts(['ok'], known),
    okResponseTime: mergeSeries(known.map(({ okResponseTime }) => okResponseTime)),
  };
}

/** With an entry for each of `names`: an instance that answered no call has 0. */
export function withIdle(
  instances: readonly RecordedInstance[],
  names: readonly string[],
): readonly RecordedInstance[] {
  const seen = new Set(instances.map(({ name }) => name));
  const idle = names
    .filter((name) => !seen.has(name))
    .map((name) => ({ name, calls: 0, ok: 0, okResponseTime: emptySeries(), responseTime: emptySeries() }));
  return [...instances, ...idle].sort(byName);
}
