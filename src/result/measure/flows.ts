/** @module The quantity `flows`: how many flows were completed, which calls ended the others, and how long they took. */
import { mergeSeries, type Series } from '../../recording/histogram.ts';
import { flows as measure, type RecordedFlow } from '../../recording/measure/flows.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import { type Distribution, distribution, statisticOf } from './distribution.ts';
import { AllFlowFigures, type FlowFigures } from './flow-figures.ts';
import type { Metric, PartTimes, Quantity } from './quantity.ts';

type Times = 'responseTime' | 'busyTime';

const NO_FLOW = 'no flow was completed';

/** The counts and times of some flows together. */
function figuresOf(flows: readonly RecordedFlow[]): Omit<FlowFigures, 'name' | 'steps'> {
  const sum = (key: 'due' | 'completed' | 'failed'): number =>
    flows.reduce((all, flow) => all + flow[key], 0);
  const [due, completed, failed] = [sum('due'), sum('completed'), sum('failed')];
  const ended = completed + failed;
  return {
    due,
    completed,
    failed,
    unfinished: due - ended,
    errorRate: ended === 0 ? null : failed / ended,
    responseTime: timesOf(seriesOf(flows, 'responseTime')),
    busyTime: timesOf(seriesOf(flows, 'busyTime')),
  };
}

const seriesOf = (flows: readonly RecordedFlow[], key: Times): Series =>
  mergeSeries(flows.map((flow) => flow[key]));

const timesOf = (series: Series): Distribution | null => (series.count === 0 ? null : distribution(series));

const flowIn = ({ byFlow }: AllFlowFigures, name: string): FlowFigures | undefined =>
  byFlow.find((flow) => flow.name === name);

const part = (key: Times, word: string): PartTimes<AllFlowFigures> => ({
  key,
  word,
  series(recording: Recording) {
    const counts = countsOf(recording, measure);
    return counts && seriesOf(counts, key);
  },
  read: (figures) => figures[key],
  byFlow: (figures, flow) => flowIn(figures, flow)?.[key],
  absent: NO_FLOW,
  of: 'flows',
});

const percentile = (name: 'p50' | 'p99', key: 'p50Us' | 'p99Us'): Metric<AllFlowFigures> => ({
  name: `flow_${name}`,
  key: `responseTime.${key}`,
  label: `${name} of the time of a flow`,
  unit: 'time',
  better: 'lower',
  read: ({ responseTime }) => responseTime && statisticOf(responseTime, key),
  absent: NO_FLOW,
  hasSpread: true,
});

/** Absent of a mix without flows. */
export const flows: Quantity<'flows', AllFlowFigures | undefined> = {
  name: 'flows',
  schema: AllFlowFigures.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    if (counts === undefined) return undefined;
    const byFlow = counts.map((flow) => ({
      name: flow.name,
      ...figuresOf([flow]),
      steps: flow.steps.map(({ name, failed }) => ({ name, failed: { ...failed } })),
    }));
    return { ...figuresOf(counts), byFlow };
  },
  metrics: [
    {
      name: 'flow_error_rate',
      key: 'errorRate',
      label: 'share of flows that failed',
      unit: 'share',
      better: 'lower',
      read: ({ errorRate }) => errorRate,
      byFlow: (figures, flow) => flowIn(figures, flow)?.errorRate ?? null,
      absent: 'no flow ended',
      compared: 'always',
      counted: ({ completed, failed }) => ({ events: failed, of: completed + failed }),
    },
    percentile('p50', 'p50Us'),
    percentile('p99', 'p99Us'),
  ],
  parts: [part('responseTime', 'flow'), part('busyTime', 'flow_busy')],
};
