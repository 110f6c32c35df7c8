/** @module Whether the load of a variant is uneven, and whether injected faults are the reason. */
import { eventKind } from '../../testbed/events/kinds.ts';
import type { Measured } from '../model.ts';

export const isLeaning = ({ summary }: Measured): boolean => summary.balance.uneven;

/** Whether not all instances served all the time, so that they cannot have served equally. */
export const isMoved = ({ variant }: Measured): boolean =>
  (variant.faults ?? []).some(({ kind }) => eventKind(kind)?.unequal === true);
