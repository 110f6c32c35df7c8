/** @module Whether the load of a variant leans, and whether faults that moved it are the reason. */
import type { Measured } from '../measured.ts';

/** Below this Jain index a reader should know which way the load leans. */
const UNEVEN = 0.95;
/** Faults after which another set of instances serves. */
const MOVING: ReadonlySet<string> = new Set(['kill', 'add', 'drain', 'restart', 'pause']);

export const isLeaning = ({ summary }: Measured): boolean => (summary.balance.jain ?? 1) < UNEVEN;

/** Instances came and went, so that they cannot have served alike. */
export const isMoved = ({ variant }: Measured): boolean =>
  (variant.faults ?? []).some(({ kind }) => MOVING.has(kind));
