/** @module Findings about what processes of the fleet used: only a whole core, which is as much as a program with one thread can use. */
import type { ProcessUse } from '../../result/measure/resource-figures.ts';
import type { Measured, Model } from '../model.ts';
import { list, moment, plain, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** More spans than these would bury the sentence. */
const MOST_SPANS = 3;

export function resourceFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap((one) => {
    const busy = (one.summary.resources?.processes ?? []).filter(({ wholeCore }) => wholeCore.length > 0);
    return busy.length === 0 ? [] : [{ tone: 'warning', text: textOf(one, busy) } as const];
  });
}

function textOf(one: Measured, busy: readonly ProcessUse[]): string {
  const each = busy.map((process) => `${processName(process)} used a whole core ${spansOf(process, one)}`);
  return `${quoted(one.name)}: ${list(each)}.`;
}

/** `from 4 s to 9 s`; `all the time`. */
function spansOf({ wholeCore, cpu }: ProcessUse, one: Measured): string {
  const { stepMs } = one.summary.resources!;
  const [first] = wholeCore;
  if (first!.fromMs === 0 && first!.toMs === cpu.length * stepMs) return 'all the time';
  const shown = wholeCore
    .slice(0, MOST_SPANS)
    .map(({ fromMs, toMs }) => `from ${moment(fromMs)} to ${moment(toMs)}`);
  const more =
    wholeCore.length > MOST_SPANS ? [plural(wholeCore.length - MOST_SPANS, 'time more', 'times more')] : [];
  return list([...shown, ...more]);
}

/** `instance 2`, `the balancer`. */
export const processName = ({ part, name }: ProcessUse): string =>
  part === 'balancer' ? 'the balancer' : `instance ${plain(name)}`;
