/**
 * @module The plan of an A/B comparison: blocks of both variants in random order, and looks at the data after some of them; it ends at the
 * first look that decides the headline metric.
 */
import type { Profile } from '../../profile/settings.ts';
import type { Repetition } from '../../result/document.ts';
import { type Block, blocksOf, isOneSided, type Spoilt } from '../../result/regression/blocks.ts';
import type { Change } from '../../result/regression/document.ts';
import { type HeadlineOptions, judgeHeadline } from '../../result/regression/headline.ts';
import type { VariantSettings } from '../../result/settings.ts';
import { randomAt } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import { settingsInForce } from '../settings-in-force.ts';
import { balancedOrder } from './balanced-order.ts';
import { levelsAt } from './looks.ts';
import type { Plan, Trial, TrialResult } from './plan.ts';

/** A time that the comparison may take. */
interface Budget {
  readonly us: Micros;
  /** What has passed of it. */
  elapsedUs(): Micros;
}

export interface SequentialOptions extends HeadlineOptions {
  /** Its variants are the base and the candidate. */
  readonly profile: Profile;
  readonly seed: number;
  /** Numbers of pairs, ascending; the last is the most there will be. */
  readonly looks: readonly number[];
  /** @default none */
  readonly budget?: Budget | undefined;
}

/** Why a comparison has ended. */
export type Ending =
  | { readonly kind: 'decided' }
  /** The pairs say `same` or `improved`, but there are blocks in which one side alone had no call that ended ok. */
  | { readonly kind: 'one-sided' }
  /** There are as many blocks as were asked for. */
  | { readonly kind: 'most-blocks' }
  /** Another block would not end in time. */
  | { readonly kind: 'budget' }
  /** So many blocks in a row said nothing. */
  | {
      readonly kind: 'spoilt';
      readonly blocks: number;
      readonly because: Spoilt;
      readonly side: 'base' | 'candidate';
    };

/** Where a comparison stands. */
export interface Standing {
  /** Those that both sides have run to the end. */
  readonly blocks: readonly Block[];
  /** Those of them that say something: the pairs. */
  readonly sound: readonly Block[];
  /** The headline metric, at the level of the next look, or of the last one. */
  readonly change: Change;
  /** The number of pairs at the next look; undefined after the last one. */
  readonly nextLook: number | undefined;
  /** Undefined while it goes on. */
  readonly ending: Ending | undefined;
}

export interface SequentialPlan extends Plan {
  readonly looks: readonly number[];
  /** By the repetitions so far, of the base and of the candidate. */
  standing(base: readonly Repetition[], candidate: readonly Repetition[]): Standing;
}

/** Blocks in a row that say nothing before the comparison is given up. */
const MOST_SPOILT = 3;

/** The plan of a comparison of the two variants of a profile. Both trials of a block have the same arrivals. */
export function sequentialPlan(options: SequentialOptions): SequentialPlan {
  const { looks } = options;
  const most = looks.at(-1)!;
  const trials = trialsOf(options, most);
  const settings = settingsInForce(options.profile.variants[0]!, undefined);
  const standing = (base: readonly Repetition[], candidate: readonly Repetition[]): Standing =>
    standingOf(options, settings, blocksOf(base, candidate));
  const isOver = (done: readonly TrialResult[]): boolean => {
    if (done.length % 2 !== 0) return false;
    const blocks = blocksAfter(done);
    return endingOf(options, blocks, () => headlineOf(options, settings, soundOf(blocks))) !== undefined;
  };
  return {
    looks,
    standing,
    next: (done) => (isOver(done) ? undefined : trials[done.length]),
    ahead(done) {
      if (isOver(done)) return [];
      const blocks = blocksAfter(done);
      const pairs = soundOf(blocks).length;
      const certain = blocks.length + Math.max(1, (lookAfter(looks, pairs) ?? most) - pairs);
      return trials.slice(done.length, 2 * Math.min(most, certain));
    },
  };
}

/** The trials of all blocks in the order they are run. Random, so that no periodic change of the machine meets always the same side; balanced, so that drift meets both. */
function trialsOf({ profile: { variants }, seed }: SequentialOptions, blocks: number): readonly Trial[] {
  return balancedOrder(variants.length, blocks, randomAt(seed, 'order'))
    .flatMap((block, index) =>
      block.map((variantIndex) => ({ variant: variants[variantIndex]!, variantIndex, index })),
    )
    .map((trial, order) => ({ ...trial, order }));
}

const blocksAfter = (done: readonly TrialResult[]): readonly Block[] =>
  blocksOf(repetitionsOf(done, 0), repetitionsOf(done, 1));

const repetitionsOf = (done: readonly TrialResult[], side: number): readonly Repetition[] =>
  done.filter(({ trial }) => trial.variantIndex === side).map(({ repetition }) => repetition);

const soundOf = (blocks: readonly Block[]): readonly Block[] =>
  blocks.filter(({ spoilt }) => spoilt === null);

const lookAfter = (looks: readonly number[], done: number): number | undefined =>
  looks.find((pairs) => pairs > done);

function standingOf(
  options: SequentialOptions,
  settings: VariantSettings,
  blocks: readonly Block[],
): Standing {
  const sound = soundOf(blocks);
  const change = headlineOf(options, settings, sound);
  const nextLook = lookAfter(options.looks, sound.length);
  return { blocks, sound, change, nextLook, ending: endingOf(options, blocks, () => change) };
}

/** What the pairs say at the level of the next look, or of the last one. */
function headlineOf(options: SequentialOptions, settings: VariantSettings, sound: readonly Block[]): Change {
  const { looks } = options;
  const look = looks.find((pairs) => pairs >= sound.length)!;
  return judgeHeadline(sound, settings, options, levelsAt(looks, look).headlines);
}

/** `change` is asked for at a look only: it takes long to find. */
function endingOf(
  options: SequentialOptions,
  blocks: readonly Block[],
  change: () => Change,
): Ending | undefined {
  const isLook = options.looks.includes(soundOf(blocks).length);
  const verdict = isLook ? change().verdict : 'undecided';
  if (verdict === 'undecided') return undecidedEnding(options, blocks);
  const isDoubtful = verdict !== 'regressed' && blocks.some(isOneSided);
  return { kind: isDoubtful ? 'one-sided' : 'decided' };
}

function undecidedEnding({ looks, budget }: SequentialOptions, blocks: readonly Block[]): Ending | undefined {
  const last = blocks.slice(-MOST_SPOILT).flatMap(({ spoilt }) => spoilt ?? []);
  if (last.length === MOST_SPOILT) return { kind: 'spoilt', blocks: MOST_SPOILT, ...last.at(-1)! };
  if (blocks.length >= looks.at(-1)!) return { kind: 'most-blocks' };
  if (budget === undefined || blocks.length === 0) return undefined;
  return budget.elapsedUs() + blockUs(blocks) > budget.us ? { kind: 'budget' } : undefined;
}

/** The longest that a block has taken, start and stop of the servers included: twice the longest time from the start of a load to that of the next. */
function blockUs(blocks: readonly Block[]): Micros {
  const starts = blocks
    .flatMap(({ base, candidate }) => [base, candidate])
    .map(({ startedAt }) => Date.parse(startedAt) * 1e3)
    .sort((a, b) => a - b);
  return 2 * Math.max(...starts.slice(1).map((start, at) => start - starts[at]!));
}
