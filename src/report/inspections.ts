/** @module The inspections of a result: variants whose servers say the same are told together. */
import type { Inspection } from '../inspect/inspection.ts';
import type { Model, Named } from './model.ts';

/** An inspection, and the variants that it holds for. */
export interface Inspected {
  readonly inspection: Inspection;
  readonly variants: readonly Named[];
}

/** The inspections, in the order of the variants; those that found the same are one. */
export function inspectionsOf({ variants }: Model): readonly Inspected[] {
  const groups = new Map<string, Inspected>();
  for (const one of variants) {
    const inspection = one.variant.repetitions.find((each) => each.inspection !== undefined)?.inspection;
    if (inspection === undefined) continue;
    const key = JSON.stringify([inspection.methods, inspection.findings]);
    const group = groups.get(key);
    groups.set(key, {
      inspection: group?.inspection ?? inspection,
      variants: [...(group?.variants ?? []), one],
    });
  }
  return [...groups.values()];
}
