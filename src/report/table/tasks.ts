/** @module The table of tasks: what became of them, and what it took to learn it. */
import type { TaskFigures } from '../../result/measure/task-figures.ts';
import type { Measured, Model } from '../model.ts';
import { count, figure, NOTHING, percent, timeCell } from '../wording.ts';
import type { TextTable } from './headline.ts';

/** A variant with tasks. */
export interface WithTasks extends Measured {
  readonly tasks: TaskFigures;
}

/** The variants that have had tasks. */
export function withTasks({ measured }: Model): readonly WithTasks[] {
  return measured.flatMap((one): readonly WithTasks[] => {
    const { tasks } = one.summary;
    return tasks ? [{ ...one, tasks }] : [];
  });
}

const shareCell = (share: number | null): string => (share === null ? NOTHING : percent(share));

const COLUMNS: readonly (readonly [head: string, cell: (tasks: TaskFigures) => string])[] = [
  ['tasks', ({ created }) => count(created)],
  ['completed', ({ completed, toolErrors }) => count(completed + toolErrors)],
  ['failed', ({ failed }) => count(failed)],
  ['cancelled', ({ cancelled }) => count(cancelled)],
  ['lost %', ({ lostShare }) => shareCell(lostShare)],
  ['orphans', ({ orphaned }) => count(orphaned)],
  ['unfinished', ({ unfinished }) => count(unfinished)],
  ['create p50 ms', ({ create }) => timeCell(create, 'p50Us')],
  ['whole p50 ms', ({ whole }) => timeCell(whole, 'p50Us')],
  ['polls per task', ({ pollsPerTask }) => (pollsPerTask === null ? NOTHING : figure(pollsPerTask))],
  ['polls in vain %', ({ wastedShare }) => shareCell(wastedShare)],
  ['polls that found it %', ({ found }) => shareCell(found)],
  ['detection p50 ms', ({ detection }) => timeCell(detection, 'p50Us')],
  ['detection p99 ms', ({ detection }) => timeCell(detection, 'p99Us')],
];

/** No rows where no call became a task. */
function table(model: Model): TextTable {
  return {
    heads: ['variant', ...COLUMNS.map(([head]) => head)],
    rows: withTasks(model).map(({ name, tasks }) => [name, ...COLUMNS.map(([, cell]) => cell(tasks))]),
  };
}

/** The table, with what a reader of it has to know. */
export const tasks: {
  readonly title: string;
  readonly note: string;
  readonly table: (model: Model) => TextTable;
} = {
  title: 'Tasks',
  note: 'Tasks of all repetitions. Lost: the server answered that it knew no such task (-32602) before its time (ttlMs) was over. Orphans: they had not ended when their time was over. Unfinished: still under way when the run ended. Create: until the answer that is a task; whole: until the agent knew the end. Polls in vain found their task as it was. Detection: from the end of a task, as the server dates it, to the moment in which the agent knew of it; ends that the server dates outside of the time in which they must lie are left out.',
  table,
};
