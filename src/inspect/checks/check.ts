/** @module A check of what an inspection has seen. */
import type { InspectionFinding } from '../inspection.ts';
import type { Seen } from '../seen.ts';

export type Check = (seen: Seen) => readonly InspectionFinding[];
