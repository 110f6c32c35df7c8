/** @module Findings about tasks: those that were lost or never ended, and what it took to learn of the end of the others. */
import { statisticOf } from '../../result/measure/distribution.ts';
import type { Model } from '../model.ts';
import { type WithTasks, withTasks } from '../table/tasks.ts';
import { count, figure, millisWithUnit, percentWithUnit, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** Nothing where no call became a task. */
export function taskFindings(model: Model): readonly Finding[] {
  return withTasks(model).flatMap((one) => [
    ...(one.tasks.lost > 0 ? [bad(lostText(one))] : []),
    ...(one.tasks.orphaned > 0 ? [bad(orphanText(one))] : []),
    ...(one.tasks.unfinished > 0 ? [neutral(unfinishedText(one))] : []),
    ...learntFinding(one),
  ]);
}

function lostText({ name, tasks: { lost, created, lostShare, found } }: WithTasks): string {
  const polls =
    found === null
      ? ''
      : ` The instance that was asked knew the task in ${percentWithUnit(found)} of the polls.`;
  return `${quoted(name)}: ${count(lost)} of ${plural(created, 'task')} (${percentWithUnit(lostShare ?? 0)}) ${lost === 1 ? 'was' : 'were'} lost: the server said that it knew no such task before its time was over.${polls}`;
}

function orphanText({ name, tasks: { orphaned, created } }: WithTasks): string {
  return `${quoted(name)}: the end of ${count(orphaned)} of ${plural(created, 'task')} was not seen before their time was over.`;
}

function unfinishedText({ name, tasks: { unfinished, created } }: WithTasks): string {
  return `${quoted(name)}: ${count(unfinished)} of ${plural(created, 'task')} ${unfinished === 1 ? 'was' : 'were'} still under way when the run ended.`;
}

function learntFinding({ name, tasks }: WithTasks): readonly Finding[] {
  const { detection, notifications, pollsPerTask, wastedShare } = tasks;
  const delay = statisticOf(detection, 'p50Us');
  if (delay === null || pollsPerTask === null) return [];
  const polls = `with ${figure(pollsPerTask)} polls per task`;
  const how = notifications > 0 ? `by notifications and ${polls}` : polls;
  const vain = wastedShare === null ? '' : `, ${percentWithUnit(wastedShare)} of which found it as it was`;
  return [
    neutral(
      `${quoted(name)}: agents knew of the end of a task ${millisWithUnit(delay)} after it (p50), ${how}${vain}.`,
    ),
  ];
}

const bad = (text: string): Finding => ({ tone: 'bad', text });
const neutral = (text: string): Finding => ({ tone: 'neutral', text });
