/** @module How late agents of real fleets learn of the end of a task that they poll, against the uniform distribution; and of one that the server tells of. */
import { countsIn, decodeHistogram } from '../src/recording/histogram.ts';
import { partSeries } from '../src/result/measure/quantity.ts';
import type { Micros, Millis } from '../src/units/time.ts';
import type { Context } from './context.ts';
import { type Goal, goalOf } from './goal.ts';
import { runProfile } from './run-profile.ts';
import type { Outcome, Section } from './section.ts';

/** Holds the delay until the end of a task is known to what is known of it. */
export const tasks: Section = {
  name: 'tasks',
  title: 'Ends of tasks: how late polls find them',
  method:
    'Calls become tasks of three real instances with one store, which work for times drawn evenly from one to five poll intervals. An agent polls an interval after each answer, at any instance, so the end of a task lies anywhere between two polls: the delay until it is known is uniform on (0, poll interval). The greatest distance D between the measured distribution of n delays and that one, times the root of n, stays below 1.95 in 999 of 1000 runs (Kolmogorov-Smirnov). Beside it, without a goal, the delay where the server tells of the end on a stream: an instance that does not work on a task looks for its end every 20 ms.',
  run,
};

const INTERVALS: readonly Millis[] = [200, 500];
/** Kolmogorov's distribution: exceeded with a probability of 0.1 %. */
const MOST_DISTANCE = 1.95;
/** Fewer delays would not tell a uniform distribution from others. */
const LEAST_DELAYS = 300;

interface Delays {
  readonly via: 'poll' | 'listen';
  readonly intervalMs: Millis;
  readonly tasks: number;
  /** Delays that could be dated, and ends that could not. */
  readonly count: number;
  readonly undated: number;
  readonly p50Us: Micros;
  readonly p99Us: Micros;
  /** Times the root of `count`; NaN without delays. */
  readonly distance: number;
}

async function run({ say }: Context): Promise<Outcome> {
  const all: Delays[] = [];
  for (const [via, intervalMs] of [
    ...INTERVALS.map((interval) => ['poll', interval] as const),
    ['listen', INTERVALS[0]!] as const,
  ]) {
    const one = await delaysOf(via, intervalMs);
    say(`${via}, interval ${intervalMs} ms: ${one.count} delays of ${one.tasks} tasks`);
    all.push(one);
  }
  return {
    tables: [
      {
        caption: 'Delay from the end of a task until its agent knows of it',
        head: ['learnt by', 'interval', 'tasks', 'dated', 'p50', 'expected', 'p99', 'expected', 'D sqrt(n)'],
        rows: all.map(rowOf),
      },
    ],
    goals: all.filter(({ via }) => via === 'poll').flatMap(goalsOf),
    notes: [],
    data: all,
  };
}

const millisText = (us: Micros): string => `${(us / 1000).toFixed(1)} ms`;

function rowOf({ via, intervalMs, tasks, count, p50Us, p99Us, distance }: Delays): readonly string[] {
  const expected = (share: number): string => (via === 'poll' ? millisText(share * intervalMs * 1000) : '–');
  return [
    via === 'poll' ? 'polls' : 'notifications',
    `${intervalMs} ms`,
    String(tasks),
    String(count),
    millisText(p50Us),
    expected(0.5),
    millisText(p99Us),
    expected(0.99),
    via === 'poll' ? distance.toFixed(2) : '–',
  ];
}

function goalsOf({ intervalMs, count, distance }: Delays): readonly Goal[] {
  const what = `polls every ${intervalMs} ms`;
  return [
    goalOf({ what: `${what}: delays`, direction: 'at least', bound: LEAST_DELAYS, unit: '' }, count),
    goalOf(
      {
        what: `${what}: distance from uniform on (0, interval)`,
        direction: 'below',
        bound: MOST_DISTANCE,
        unit: 'D sqrt(n)',
      },
      distance,
    ),
  ];
}

async function delaysOf(via: Delays['via'], intervalMs: Millis): Promise<Delays> {
  const work = `{ uniform: { min: ${intervalMs}ms, max: ${5 * intervalMs}ms } }`;
  const variants = await runProfile([
    'load: { rate: 60/s, arrivals: poisson, warmup: 500ms, duration: 8s, timeout: 5s, agents: 64 }',
    'calls: [{ tool: slow_report }]',
    `tasks: { via: ${via} }`,
    'fleet:',
    '  server: lean',
    '  instances: 3',
    '  state: { kind: store }',
    `  tasks: { work: ${work}, pollInterval: ${intervalMs}ms }`,
    'balancer: { policy: random-two }',
    'repetitions: 1',
  ]);
  const summary = [...variants.values()][0]?.summary;
  const figures = summary?.tasks;
  if (summary == null || figures === undefined) throw new Error('no call became a task');
  const { created, undated, detection } = figures;
  return {
    via,
    intervalMs,
    tasks: created,
    count: detection.count,
    undated,
    p50Us: detection.p50Us,
    p99Us: detection.p99Us,
    distance: distanceOf(summary.histograms[partSeries('tasks', 'detection')], intervalMs * 1000),
  };
}

/** The greatest distance between the distribution of the times in a histogram and the uniform one on (0, `maxUs`), times the root of their number. */
function distanceOf(encoded: string | undefined, maxUs: Micros): number {
  if (encoded === undefined) return Number.NaN;
  const counts = countsIn(decodeHistogram(encoded));
  const all = counts.reduce((sum, [, times]) => sum + times, 0);
  let seen = 0;
  let distance = 0;
  for (const [us, times] of counts) {
    const expected = Math.min(1, us / maxUs);
    const before = Math.abs(seen / all - expected);
    seen += times;
    distance = Math.max(distance, before, Math.abs(seen / all - expected));
  }
  return distance * Math.sqrt(all);
}
