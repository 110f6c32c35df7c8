/** @module Findings about answers to calls of the warm-up that count in the rates (docs/decisions/0003-achieved-rate.md). */
import type { Model } from '../model.ts';
import { figure } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** Fewer than this share of the calls due change no conclusion. */
const NOTABLE = 0.05;

/** A warning where more calls were answered within the measured time than fell due in it: the others fell due before it. */
export function warmupAnswerFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap(({ name, summary: { rate } }): readonly Finding[] => {
    const { achievedPerSecond, offeredPerSecond } = rate;
    const before = achievedPerSecond - offeredPerSecond;
    if (offeredPerSecond === 0 || before <= NOTABLE * offeredPerSecond) return [];
    return [
      {
        tone: 'warning',
        text: `${quoted(name)}: ${figure(achievedPerSecond)} calls per second were answered within the measured time, and ${figure(offeredPerSecond)} per second fell due in it. At least ${figure(before)} per second are answers to calls of the warm-up. The achieved rate, the goodput and comparisons by them count these. A longer load makes their share smaller.`,
      },
    ];
  });
}
