/** @module The counts of authorization of several workers, or of several repetitions, as one. */
import type { Micros } from '../../units/time.ts';
import { addCounts, byName, groupByName } from '../counts.ts';
import { mergeSeries, type Series } from '../histogram.ts';
import {
  type AuthCounts,
  type AuthEventCounts,
  type DecisionCell,
  type StaleInstance,
  TOKEN_USES,
} from './auth-counts.ts';

/** At least one; all of the same load. */
export function mergeAuth(list: readonly AuthCounts[]): AuthCounts {
  const kinds = new Set(list.flatMap(({ refusals }) => Object.keys(refusals)));
  const merged = (series: (counts: AuthCounts) => Series | undefined): Series =>
    mergeSeries(list.flatMap((counts) => series(counts) ?? []));
  return {
    mode: list[0]!.mode,
    check: merged(({ check }) => check),
    policy: merged(({ policy }) => policy),
    handler: merged(({ handler }) => handler),
    byUse: recordOf(TOKEN_USES, (use) => merged(({ byUse }) => byUse[use])),
    refusals: recordOf([...kinds].sort(), (kind) => merged(({ refusals }) => refusals[kind])),
    ...addCounts(['untimed', 'expiredInUse'], list),
    unjudged: list.reduce((sum, { unjudged = 0 }) => sum + unjudged, 0),
    cells: mergeCells(list.flatMap(({ cells }) => cells)),
    events: groupsBy(
      list.flatMap(({ events }) => events),
      ({ index }) => index,
    )
      .map(mergeEvents)
      .sort((a, b) => a.index - b.index),
  };
}

/** The counts without instances: what names itself in the answers is none. */
export function withoutInstanceNames(counts: AuthCounts): AuthCounts {
  return {
    ...counts,
    cells: mergeCells(counts.cells.map((cell) => ({ ...cell, instance: '' }))),
    events: counts.events.map((event) => ({
      ...event,
      instances: event.instances.length === 0 ? [] : [{ ...mergeStale(event.instances), name: '' }],
    })),
  };
}

/** Equal cells as one, in an order that does not depend on that of `cells`. */
export function mergeCells(cells: readonly DecisionCell[]): readonly DecisionCell[] {
  const keyOf = ({ identity, event, call, instance, expected }: DecisionCell): string =>
    JSON.stringify([identity, event, call, instance, expected]);
  return groupsBy(cells, keyOf)
    .map((group) => ({ ...group[0]!, ...addCounts(['allowed', 'unauthorized', 'forbidden'], group) }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** One event, as several workers or repetitions saw it. */
function mergeEvents(list: readonly AuthEventCounts[]): AuthEventCounts {
  const steps = groupsBy(
    list.flatMap((event) => event.steps),
    ({ step }) => step,
  );
  return {
    ...list[0]!,
    atUs: Math.min(...list.map(({ atUs }) => atUs)),
    confirmedUs: Math.max(...list.map(({ confirmedUs }) => confirmedUs)),
    ...addCounts(['agents', 'calls'], list),
    instances: groupByName(list.flatMap(({ instances }) => instances))
      .map(mergeStale)
      .sort(byName),
    steps: steps
      .map((group) => ({ step: group[0]!.step, ...addCounts(['allowed', 'denied'], group) }))
      .sort((a, b) => a.step - b.step),
  };
}

function mergeStale(list: readonly StaleInstance[]): StaleInstance {
  return {
    name: list[0]!.name,
    ...addCounts(['allowed', 'denied'], list),
    lastAllowedUs: extreme(
      Math.max,
      list.map(({ lastAllowedUs }) => lastAllowedUs),
    ),
    firstDeniedUs: extreme(
      Math.min,
      list.map(({ firstDeniedUs }) => firstDeniedUs),
    ),
  };
}

function extreme(of: (...times: Micros[]) => Micros, times: readonly (Micros | null)[]): Micros | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : of(...known);
}

function recordOf<Key extends string>(
  keys: readonly Key[],
  value: (key: Key) => Series,
): Readonly<Record<Key, Series>> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, Series>;
}

/** Groups of equal keys, in the order of their first appearance. */
function groupsBy<T>(list: readonly T[], key: (one: T) => string | number): readonly (readonly T[])[] {
  const groups = new Map<string | number, T[]>();
  for (const one of list) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
