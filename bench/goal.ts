/** @module A goal of the bench: what a figure has to reach, whether it does, and the sentence that says so. */
import { type Round, ratioOf } from './ratio.ts';
import type { Table } from './table.ts';

/** What a figure has to reach. */
export interface Bound {
  /** What is measured: `wire, calls per second`. */
  readonly what: string;
  readonly direction: 'at least' | 'at most' | 'below';
  readonly bound: number;
  /** Of value and bound: `ms`, `x wrk`. */
  readonly unit: string;
}

export interface Goal extends Bound {
  /** Null: not measured, because a program is missing or its calls failed. */
  readonly value: number | null;
  readonly state: 'reached' | 'missed' | 'not measured';
}

/** `bound`, judged by `value`; undefined: it was not measured. */
export function goalOf(bound: Bound, value: number | undefined): Goal {
  if (value === undefined || Number.isNaN(value)) return { ...bound, value: null, state: 'not measured' };
  return { ...bound, value, state: isWithin(bound, value) ? 'reached' : 'missed' };
}

function isWithin({ direction, bound }: Bound, value: number): boolean {
  switch (direction) {
    case 'at least':
      return value >= bound;
    case 'at most':
      return value <= bound;
    case 'below':
      return value < bound;
  }
}

/** A goal for the ratio of `client` to `base`: the median over `rounds`. */
export function ratioGoal(
  rounds: readonly Round[],
  { client, base, ...bound }: Omit<Bound, 'unit'> & { readonly client: string; readonly base: string },
): Goal {
  return goalOf({ ...bound, unit: `x ${base}` }, ratioOf(rounds, client, base)?.median);
}

const STATE = { reached: 'reached', missed: 'MISSED', 'not measured': 'not measured' } as const;

/** `wire, calls per second: 0.801 x wrk; the goal of at least 0.85 is MISSED.` */
export function sentenceOf({ what, direction, bound, unit, value, state }: Goal): string {
  return value === null
    ? `${what}: not measured; the goal is ${direction} ${withUnit(boundText(bound), unit)}.`
    : `${what}: ${withUnit(valueText(value), unit)}; the goal of ${direction} ${boundText(bound)} is ${STATE[state]}.`;
}

/** Goals by the section that they are of, the missed ones first. */
export function goalTable(all: readonly { readonly section: string; readonly goal: Goal }[]): Table {
  const count = (state: Goal['state']): number => all.filter(({ goal }) => goal.state === state).length;
  const inOrder = (['missed', 'not measured', 'reached'] as const).flatMap((state) =>
    all.filter(({ goal }) => goal.state === state),
  );
  return {
    caption: `Goals: ${count('reached')} reached, ${count('missed')} missed, ${count('not measured')} not measured`,
    head: ['section', 'goal', 'measured', 'to reach', ''],
    rows: inOrder.map(({ section, goal: { what, value, direction, bound, unit, state } }) => [
      section,
      what,
      value === null ? '' : withUnit(valueText(value), unit),
      `${direction} ${boundText(bound)}`,
      STATE[state],
    ]),
  };
}

const withUnit = (text: string, unit: string): string => (unit === '' ? text : `${text} ${unit}`);

const boundText = (bound: number): string => String(Number(bound.toPrecision(3)));

/** With more digits than bounds have, so that a value that misses its bound does not look like it. */
function valueText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 3);
}
