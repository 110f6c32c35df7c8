/** @module Findings about calls of a trace that a replay did not make. */
import { leftOutText } from '../load-text.ts';
import type { Measured, Model } from '../model.ts';
import { count, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** A sentence for each variant that left out calls of its trace from the beginning, and for each that left out some while it ran. */
export function replayFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap((one) => [...notReplayed(one), ...leftOutWhileRunning(one)]);
}

function notReplayed({ name, variant }: Measured): readonly Finding[] {
  const shape = variant.settings.effective?.load.shape;
  if (shape?.kind !== 'replay' || shape.leftOut.length === 0) return [];
  const calls = shape.leftOut.reduce((sum, one) => sum + one.calls, 0);
  const text = `${quoted(name)}: the replay has ${count(shape.calls)} of ${plural(shape.calls + calls, 'call')} of the trace; left out: ${leftOutText(shape)}.`;
  return [{ tone: 'neutral', text }];
}

function leftOutWhileRunning({ name, summary: { replay } }: Measured): readonly Finding[] {
  if (replay === undefined || replay.leftOut === 0) return [];
  const text = `${quoted(name)}: ${plural(replay.leftOut, 'call')} of the trace could not be made, for want of a value from the result of an earlier call; they are neither sent nor dropped.`;
  return [{ tone: 'bad', text }];
}
