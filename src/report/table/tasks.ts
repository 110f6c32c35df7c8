/** @module The tables of tasks: what became of them, and what it took agents to learn it. */
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

type Column = readonly [head: string, cell: (tasks: TaskFigures) => string];

const shareCell = (share: number | null): string => (share === null ? NOTHING : percent(share));

const ENDS: readonly Column[] = [
  ['tasks', ({ created }) => count(created)],
  ['completed', ({ completed, toolErrors }) => count(completed + toolErrors)],
  ['failed', ({ failed }) => count(failed)],
  ['cancelled', ({ cancelled }) => count(cancelled)],
  ['lost %', ({ lostShare }) => shareCell(lostShare)],
  ['orphans', ({ orphaned }) => count(orphaned)],
  ['unfinished', ({ unfinished }) => count(unfinished)],
  ['whole p50 ms', ({ whole }) => timeCell(whole, 'p50Us')],
];

const POLLS: readonly Column[] = [
  ['create p50 ms', ({ create }) => timeCell(create, 'p50Us')],
  ['polls per task', ({ pollsPerTask }) => (pollsPerTask === null ? NOTHING : figure(pollsPerTask))],
  ['in vain %', ({ wastedShare }) => shareCell(wastedShare)],
  ['found %', ({ found }) => shareCell(found)],
  ['detection p50 ms', ({ detection }) => timeCell(detection, 'p50Us')],
  ['p99 ms', ({ detection }) => timeCell(detection, 'p99Us')],
];

/** A row per variant with tasks; none where no call became a task. */
const tableOf =
  (columns: readonly Column[]) =>
  (model: Model): TextTable => ({
    heads: ['variant', ...columns.map(([head]) => head)],
    rows: withTasks(model).map(({ name, tasks }) => [name, ...columns.map(([, cell]) => cell(tasks))]),
  });

/** A table of tasks, with what a reader of it has to know. */
interface TaskTable {
  readonly title: string;
  readonly note: string;
  readonly table: (model: Model) => TextTable;
}

const taskEnds: TaskTable = {
  title: 'Tasks',
  note: 'Tasks of all repetitions. Completed: also with an error of the tool. Lost: the server answered that it knew no such task (-32602) before its time (ttlMs) was over. Orphans: their end was not seen before their time was over. Unfinished: still under way when the run ended. Whole: from the call until the agent knew the end of its task.',
  table: tableOf(ENDS),
};

const taskPolls: TaskTable = {
  title: 'Polls of tasks',
  note: 'Create: from the call to the answer that is a task. In vain: of all polls, those that found their task as it was, without the poll that follows the start of a stream of notifications. Found: of the polls in which the server knew the task or said that it did not, those in which it knew it. Detection: from the end of a task, as the server dates it, to the moment in which the agent knew of it; ends that the server dates outside of the time in which they must lie are left out.',
  table: tableOf(POLLS),
};

/** The tables of tasks, in the order of the page. */
export const TASK_TABLES: readonly TaskTable[] = [taskEnds, taskPolls];
