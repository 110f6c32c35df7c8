/** @module The part of a summary that the braces of a threshold restrict it to. */
import type { Filter } from '../../profile/section/threshold-filter.ts';
import type { Summary } from '../document.ts';
import { callSeries } from '../measure/quantity.ts';
import type { Missing } from './value.ts';

/** The figures of some of the calls. */
export interface Scope {
  readonly figures: Partial<Summary>;
  /** Their histogram of a quantity, encoded; undefined where none is kept. */
  series(quantity: string): string | undefined;
}

/** The figures of the calls that `filter` names, or which names there are. */
export function scopeOf({ call, instance, identity, flow }: Filter, summary: Summary): Scope | Missing {
  const { byCall, byInstance, histograms, auth, flows } = summary;
  const identities = new Set((auth?.matrix ?? []).map((row) => row.identity));
  const unknown =
    missingName('call', call, Object.keys(byCall)) ??
    missingName('instance', instance, Object.keys(byInstance)) ??
    missingName('identity', identity, [...identities]) ??
    missingName('flow', flow, flows?.byFlow.map(({ name }) => name) ?? []);
  if (unknown !== undefined) return unknown;
  if (call !== undefined && identity === undefined) {
    return { figures: partOf(byCall[call]), series: (name) => histograms[callSeries(name, call)] };
  }
  if (instance !== undefined) return { figures: partOf(byInstance[instance]), series: () => undefined };
  return { figures: summary, series: (name) => histograms[name] };
}

/** The figures of a call or an instance have some of the keys that a summary has. */
const partOf = (figures: object | undefined): Partial<Summary> => (figures ?? {}) as Partial<Summary>;

function missingName(kind: string, name: string | undefined, known: readonly string[]): Missing | undefined {
  if (name === undefined || known.includes(name)) return undefined;
  const names = known.map((each) => `"${each}"`).join(', ');
  return {
    missing: `no ${kind} is named "${name}"; ${known.length === 0 ? 'none is known' : `there are ${names}`}`,
  };
}
