/** @module `load.stages`: a rate that changes over time. */
import { z } from 'zod';
import { DAY, type Micros, type PerSecond, parseDuration, parseRate } from '../../units/time.ts';
import {
  duration,
  exactlyOne,
  flag,
  isMapping,
  type Mapping,
  mapping,
  rate,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** A period in which the rate changes linearly from `from` to `to` (equal: a constant rate). */
export interface Stage {
  readonly durationUs: Micros;
  readonly fromPerSecond: PerSecond;
  readonly toPerSecond: PerSecond;
}

const MS = 1e3;

const Stage = withRule(
  exactlyOne(
    mapping({
      duration: duration(MS, DAY).describe('How long the stage lasts.'),
      rate: rate('zero')
        .optional()
        .describe('Rate at the end of the stage, reached linearly from `from`. `0/s` is a pause.'),
      from: rate('zero')
        .optional()
        .describe(
          'Rate at the start of the stage. Default: the rate at which the stage before ended; for the first stage its own `rate`.',
        ),
      step: flag()
        .optional()
        .describe('Jump to `rate` immediately and hold it, instead of changing linearly.'),
      spike: rate('above zero')
        .optional()
        .describe(
          'Instead of `rate`: jump to this rate, hold it, and afterwards return to the rate before the stage.',
        ),
    }),
    ['rate', 'spike'],
  ),
  ({ step, spike, from }) => {
    const jump = step === true ? 'step' : spike === undefined ? undefined : 'spike';
    return jump === undefined || from === undefined
      ? []
      : violationAt(['from'], {
          what: `cannot be combined with ${jump}`,
          todo: 'a jump has no start rate; leave one of the two out',
        });
  },
);

export const Stages = z
  .array(Stage, { error: 'a list of stages' })
  .min(1, { error: 'at least one stage' })
  .describe('Open loop: a rate that changes over time, stage by stage. Warm-up runs at the starting rate.');

/** Requires that at least one stage has a rate above zero. */
export function stagesWithoutRate({ stages }: Mapping): readonly Violation[] {
  if (!Array.isArray(stages) || stages.length === 0) return [];
  const zero = (value: unknown): boolean => parseRate(String(value)) === 0;
  const idle = (stage: unknown): boolean =>
    isMapping(stage) && zero(stage['rate']) && (stage['from'] === undefined || zero(stage['from']));
  return stages.every(idle)
    ? violationAt(['stages'], { what: 'no stage has a rate above 0/s', expected: 'some load' })
    : [];
}

/** The sum of the durations of the stages; `undefined` when one of them is not valid. */
export function spanOf(stages: readonly unknown[]): Micros | undefined {
  return stages.reduce<Micros | undefined>((sum, stage) => {
    const span = isMapping(stage) ? parseDuration(String(stage['duration'])) : undefined;
    return sum === undefined || span === undefined ? undefined : sum + span;
  }, 0);
}

/** Each stage starts where the one before ended; a spike has no effect on the next, and the first starts at its own rate. */
export function completeStages(stages: z.output<typeof Stages>): readonly Stage[] {
  let before: PerSecond | undefined;
  return stages.map(({ duration, rate, from, step, spike }): Stage => {
    const durationUs = parseDuration(duration)!;
    if (spike !== undefined) {
      const perSecond = parseRate(spike)!;
      return { durationUs, fromPerSecond: perSecond, toPerSecond: perSecond };
    }
    const toPerSecond = parseRate(rate!)!;
    const start = from === undefined ? (before ?? toPerSecond) : parseRate(from)!;
    before = toPerSecond;
    return { durationUs, fromPerSecond: step === true ? toPerSecond : start, toPerSecond };
  });
}

export const STAGES_DOCS = `
## Stages

In a stage the rate changes linearly from the end rate of the previous stage (for the first stage: its own rate, unless \`from\` is given) to its \`rate\`.
With \`step: true\` it jumps there immediately. A \`spike\` jumps to its rate for its duration; the next stage continues from the rate before the spike.

\`\`\`yaml
load:
  stages:
    - { duration: 10s, rate: 200/s, from: 0/s } # ramp up
    - { duration: 30s, rate: 200/s }            # hold
    - { duration: 2s, spike: 1k/s }             # spike
    - { duration: 30s, rate: 200/s }            # hold again
    - { duration: 10s, rate: 400/s, step: true } # step
\`\`\`

Warm-up runs at the rate at which the first stage starts; the measured time is the sum of the stages.
`;
