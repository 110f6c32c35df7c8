/** @module Findings about calls of a replay that could not be made. */
import type { Model } from '../model.ts';
import { plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** A sentence for each variant that left out calls while it ran. */
export function replayFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap(({ name, summary: { replay } }): readonly Finding[] => {
    if (replay === undefined || replay.leftOut === 0) return [];
    const text = `${quoted(name)}: ${plural(replay.leftOut, 'call')} of the trace could not be made, for want of a value from the result of an earlier call; they are neither sent nor dropped.`;
    return [{ tone: 'bad', text }];
  });
}
