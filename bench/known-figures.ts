/** @module Figures whose values are known beforehand: what a section that measures them reports. */
import { type Goal, goalOf } from './goal.ts';
import type { Outcome } from './section.ts';

/** One figure whose value is known beforehand, in words of the table. */
export interface Reading {
  readonly name: string;
  readonly figure: string;
  readonly expected: string;
  readonly measured: string;
  /** How far it may be off, unless `expected` says it. */
  readonly allowed?: string;
  readonly good: boolean;
}

/** How a table marks whether a figure is within its bound. */
export const mark = (good: boolean): string => (good ? 'good' : 'MISSED');

/** The goal of a section with such figures: none is out of its bound. */
export function allWithin(all: readonly { readonly good: boolean }[]): Goal {
  const bound = { what: 'figures out of their bounds', direction: 'at most', bound: 0 } as const;
  return goalOf({ ...bound, unit: `of ${all.length}` }, all.filter(({ good }) => !good).length);
}

/** The results of a section of `readings`; `subject` heads the column of their names. */
export function outcomeOf(caption: string, subject: string, readings: readonly Reading[]): Outcome {
  const hasAllowed = readings.some(({ allowed }) => allowed !== undefined);
  return {
    tables: [
      {
        caption,
        head: [subject, 'figure', 'expected', 'measured', ...(hasAllowed ? ['allowed'] : []), ''],
        rows: readings.map(({ name, figure, expected, measured, allowed = '', good }) => [
          name,
          figure,
          expected,
          measured,
          ...(hasAllowed ? [allowed] : []),
          mark(good),
        ]),
      },
    ],
    goals: [allWithin(readings)],
    notes: [],
    data: readings,
  };
}
