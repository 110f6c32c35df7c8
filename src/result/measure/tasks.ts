/** @module The quantity `tasks`: what became of calls that the server answered with a task, and what it took to learn it. */
import { tasks as measure, type TaskCounts } from '../../recording/measure/tasks.ts';
import { countsOf } from '../../recording/recording.ts';
import { distribution, statisticOf } from './distribution.ts';
import type { Metric, PartTimes, Quantity } from './quantity.ts';
import { TaskFigures } from './task-figures.ts';

const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function figuresOf({ create, whole, detection, ...counts }: TaskCounts): TaskFigures {
  const { created, lost, orphaned, polls, wasted, pollsUnknown, pollsFailed } = counts;
  const allPolls = polls + pollsUnknown + pollsFailed;
  return {
    ...counts,
    lostShare: shareOf(lost, created),
    orphanedShare: shareOf(orphaned, created),
    found: shareOf(polls, polls + pollsUnknown),
    wastedShare: shareOf(wasted, allPolls),
    pollsPerTask: shareOf(allPolls, created),
    create: distribution(create),
    whole: distribution(whole),
    detection: distribution(detection),
  };
}

const NO_TASK = 'no call became a task';
const NO_POLL = 'no task was polled';
const NOT_DATED = 'no end of a task could be placed on our clock';

type Share = 'lostShare' | 'orphanedShare' | 'wastedShare' | 'found';

const shareMetric = (name: string, key: Share, label: string, absent: string): Metric<TaskFigures> => ({
  name,
  key,
  label,
  unit: 'share',
  better: key === 'found' ? 'higher' : 'lower',
  read: (figures) => figures[key],
  absent,
});

const p50 = (
  name: string,
  key: 'create' | 'whole' | 'detection',
  label: string,
  absent: string,
): Metric<TaskFigures> => ({
  name,
  key: `${key}.p50Us`,
  label,
  unit: 'time',
  better: 'lower',
  read: (figures) => statisticOf(figures[key], 'p50Us'),
  absent,
});

const part = (
  key: 'create' | 'whole' | 'detection',
  word: string,
  absent: string,
): PartTimes<TaskFigures> => ({
  key,
  word,
  series: (recording) => countsOf(recording, measure)?.[key],
  read: (figures) => figures[key],
  absent,
  of: 'tasks',
});

/** Absent when no call became a task, and from results of earlier versions. */
export const tasks: Quantity<'tasks', TaskFigures | undefined> = {
  name: 'tasks',
  schema: TaskFigures.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts === undefined || counts.created === 0 ? undefined : figuresOf(counts);
  },
  metrics: [
    shareMetric('tasks_lost_share', 'lostShare', 'share of tasks that were lost', NO_TASK),
    shareMetric(
      'tasks_orphaned_share',
      'orphanedShare',
      'share of tasks whose end was not seen in their time',
      NO_TASK,
    ),
    shareMetric('task_polls_found', 'found', 'share of polls that found their task', NO_POLL),
    shareMetric(
      'task_polls_wasted',
      'wastedShare',
      'share of polls that found their task as it was',
      NO_POLL,
    ),
    {
      name: 'polls_per_task',
      key: 'pollsPerTask',
      label: 'polls per task',
      unit: 'ratio',
      better: 'lower',
      read: ({ pollsPerTask }) => pollsPerTask,
      absent: NO_TASK,
    },
    p50('task_create_p50', 'create', 'p50 time until a task is created', NO_TASK),
    p50('task_time_p50', 'whole', 'p50 time until the end of a task is known', NO_TASK),
    p50('task_detection_p50', 'detection', 'p50 delay until the end of a task is known', NOT_DATED),
  ],
  parts: [
    part('create', 'task_create', NO_TASK),
    part('whole', 'task_time', NO_TASK),
    part('detection', 'task_detection', NOT_DATED),
  ],
};
