/** @module What `paceline ab` says while it runs: what is compared, for how long at most, and where it stands after each block. */
import { causeText, type SideLabel } from '../experiment/ab/comparison.ts';
import { levelsAt } from '../experiment/plan/looks.ts';
import type { Ending, Standing } from '../experiment/plan/sequential.ts';
import { changeText, intervalText, sizeText } from '../report/regression/change-cells.ts';
import { plain, plural } from '../report/wording.ts';
import { detectableWith } from '../result/regression/headline.ts';
import { formatMicros, formatMinutes, type Micros } from '../units/time.ts';
import { alternatives } from '../units/words.ts';

/** What is known before the first trial. */
export interface Start {
  readonly labels: readonly [a: SideLabel, b: SideLabel];
  readonly isSame: boolean;
  readonly looks: readonly number[];
  /** Of one block, as far as it is known. */
  readonly blockUs: Micros;
  readonly headline: string;
  readonly minEffect: number;
}

/** What is compared, and how long it takes at most. */
export function startLines({
  labels,
  isSame,
  looks,
  blockUs,
  headline,
  minEffect,
}: Start): readonly string[] {
  const most = looks.at(-1)!;
  const [a, b] = labels;
  return [
    plain(a.label),
    plain(b.label),
    `at most ${plural(most, 'pair')} of trials, about ${formatMinutes(most * blockUs)} (${formatMicros(blockUs)} each); it ends after ${alternatives(looks.map(String))} pairs if they decide ${headline}; a change below ${Number((100 * minEffect).toPrecision(3))} % is no change`,
    ...(isSame
      ? ['note: both sides are the same, so this checks the set-up: the right answer is "same"']
      : []),
  ];
}

/** Where it stands after a block, and after the first look what noise a pair has. */
export function blockLines(
  { blocks, sound, change, nextLook, ending }: Standing,
  looks: readonly number[],
): readonly string[] {
  const last = blocks.at(-1);
  if (last?.spoilt != null) return [`block ${blocks.length} says nothing: ${causeText(last.spoilt)}`];
  const interval = change.ciLow === null ? '' : ` ${intervalText(change)}`;
  const so = change.change === null ? '' : ` ${changeText(change, change.change)}${interval}`;
  const next = ending !== undefined || nextLook === undefined ? '' : `; next look after ${nextLook}`;
  const state = ending?.kind === 'decided' ? `: ${change.verdict}` : '';
  return [
    `pair ${sound.length}: ${change.label}${so}${state}${next}`,
    ...(sound.length === looks[0] && looks.length > 1 && ending === undefined
      ? noiseLines(change, looks)
      : []),
  ];
}

/** What the whole comparison can show, once its noise is known. */
function noiseLines(change: Standing['change'], looks: readonly number[]): readonly string[] {
  const most = looks.at(-1)!;
  const found = detectableWith(change, most, levelsAt(looks, most).headlines);
  if (found === null) return [];
  return [
    `noise of a pair ${sizeText(change, change.noise)}: ${most} pairs find a change of ${sizeText(change, found)} in 80 % of comparisons`,
  ];
}

/** Why it has ended, in a sentence. `maxPairs`: the most that the user allows; a budget may have allowed fewer. */
export function endingLine(
  ending: Ending | undefined,
  { blocks, sound, change }: Standing,
  maxPairs: number,
): string {
  const after = `after ${plural(sound.length, 'pair')}`;
  switch (ending?.kind) {
    case 'decided':
      return `decided ${after}`;
    case 'one-sided':
      return `ended ${after}: they say "${change.verdict}", but there are blocks in which not one call of one side ended ok`;
    case 'most-blocks':
      return `ended ${after}: the ${blocks.length} blocks ${blocks.length < maxPairs ? 'for which --budget has time' : 'of --max-pairs'} were run`;
    case 'budget':
      return `ended ${after}: another block would not end within the budget`;
    case 'spoilt':
      return `given up ${after}: ${ending.blocks} blocks in a row say nothing, the last one because ${causeText(ending)}`;
    case undefined:
      return `interrupted ${after}`;
  }
}
