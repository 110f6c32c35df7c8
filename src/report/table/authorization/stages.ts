/** @module Where the time of a call goes: authentication, policy and handler, and the difference to the same load without a check. */
import type { Statistic } from '../../../result/measure/distribution.ts';
import { authorized } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count, figure, NOTHING, percent } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { type AuthorizationTable, micros, microsInterval, microsOf } from './section.ts';

const STATISTICS: readonly (readonly [head: string, key: Statistic])[] = [
  ['median', 'p50Us'],
  ['mean', 'meanUs'],
  ['p99', 'p99Us'],
];
const STAGES = ['check', 'policy', 'handler'] as const;

function stageTable(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'calls/s',
      ...STAGES.flatMap((stage) => STATISTICS.map(([head]) => `${stage} ${head}`)),
      'difference median',
      'difference p99',
    ],
    rows: authorized(model).map(({ name, auth, summary }) => [
      name,
      figure(summary.rate.achievedPerSecond),
      ...STAGES.flatMap((stage) => STATISTICS.map(([, key]) => microsOf(auth[stage], key))),
      micros(auth.added?.p50Us),
      micros(auth.added?.p99Us),
    ]),
  };
}

function costTable(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'against',
      'p50 added us',
      '95 % interval',
      'p90 added us',
      'p99 added us',
      'share of the median call %',
      'calls fewer per core-second',
      'core-seconds per million calls',
    ],
    rows: authorized(model)
      .filter(({ auth }) => auth.added !== null || auth.shareOfCall !== null)
      .map(({ name, auth }) => [
        name,
        auth.added?.base ?? NOTHING,
        micros(auth.added?.p50Us),
        microsInterval(auth.added?.ciLowUs ?? null, auth.added?.ciHighUs ?? null),
        micros(auth.added?.p90Us),
        micros(auth.added?.p99Us),
        auth.shareOfCall === null ? NOTHING : percent(auth.shareOfCall),
        auth.callsPerCoreSecondLost === null ? NOTHING : count(auth.callsPerCoreSecondLost),
        auth.coreSecondsPerMillion === null ? NOTHING : figure(auth.coreSecondsPerMillion),
      ]),
  };
}

export const stages: AuthorizationTable = {
  title: 'Time per stage',
  note: 'Microseconds, as the servers time them. Check: authentication of the caller. Policy: what that caller may do. Handler: the tool. Difference: what calls are slower by than the same calls of the variant without a check.',
  table: stageTable,
};

export const costs: AuthorizationTable = {
  title: 'What the check adds',
  note: 'Against the same schedule of calls without a check, repetition by repetition. Each interval holds at 95 % by itself. Core-seconds are those of all instances and of the balancer.',
  table: costTable,
};
