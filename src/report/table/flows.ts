/** @module The tables of flows: what became of them, and their calls in order. */
import type { AllFlowFigures, FlowFigures } from '../../result/measure/flow-figures.ts';
import type { Measured, Model } from '../model.ts';
import { count, list, NOTHING, percent, plain, timeCell } from '../wording.ts';
import type { TextTable } from './headline.ts';

interface Flowed extends Measured {
  readonly flows: AllFlowFigures;
}

function flowed({ measured }: Model): readonly Flowed[] {
  return measured.flatMap((one): readonly Flowed[] => {
    const { flows } = one.summary;
    return flows ? [{ ...one, flows }] : [];
  });
}

const timesOf = (times: FlowFigures['responseTime']): readonly string[] =>
  times === null ? [NOTHING, NOTHING] : [timeCell(times, 'p50Us'), timeCell(times, 'p99Us')];

/** The most important columns, for a terminal. */
export function briefFlows(model: Model): TextTable {
  const { heads, rows } = overview(model);
  const brief = heads.length - 2;
  return { heads: heads.slice(0, brief), rows: rows.map((row) => row.slice(0, brief)) };
}

/** A row per variant and flow; none where no mix has flows. */
function overview(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'flow',
      'due',
      'completed',
      'failed',
      'unfinished',
      'failed %',
      'p50 ms',
      'p99 ms',
      'without think p50 ms',
      'without think p99 ms',
    ],
    rows: flowed(model).flatMap(({ name, flows }) =>
      flows.byFlow.map((flow) => [
        name,
        plain(flow.name),
        ...[flow.due, flow.completed, flow.failed, flow.unfinished].map(count),
        flow.errorRate === null ? NOTHING : percent(flow.errorRate),
        ...timesOf(flow.responseTime),
        ...timesOf(flow.busyTime),
      ]),
    ),
  };
}

/** A row per variant and call of a flow, in the order of the flow. */
function steps(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'flow',
      'step',
      'call',
      'calls',
      'ok %',
      'p50 ms',
      'p99 ms',
      'flows that it ended',
      'how',
    ],
    rows: flowed(model).flatMap(({ name, summary, flows }) =>
      flows.byFlow.flatMap((flow) =>
        flow.steps.map((step, index) => {
          const of = summary.byCall[step.name];
          const failed = Object.entries(step.failed);
          return [
            name,
            plain(flow.name),
            `${index + 1}`,
            plain(step.name.slice(`${flow.name} / `.length)),
            count(of?.calls ?? 0),
            of === undefined || of.calls === 0
              ? NOTHING
              : percent((of.ok + (of.misuseRefused ?? 0)) / of.calls),
            ...timesOf(of?.responseTime ?? null),
            count(failed.reduce((sum, [, times]) => sum + times, 0)),
            failed.length === 0 ? NOTHING : list(failed.map(([how, times]) => `${how} ${count(times)}`)),
          ];
        }),
      ),
    ),
  };
}

/** A table of flows, with what a reader of it has to know. */
interface FlowTable {
  readonly title: string;
  readonly note: string;
  readonly table: (model: Model) => TextTable;
}

/** What became of the flows. */
const flowOverview: FlowTable = {
  title: 'Flows',
  note: 'The time of a flow counts from the moment it was due to the end of its last call, think time included, of flows whose calls all ended ok. Unfinished: still under way when the run ended.',
  table: overview,
};

/** The calls of each flow. */
const flowSteps: FlowTable = {
  title: 'Steps of flows',
  note: 'Response time from the moment a call was due: when the call before it had ended and the think time was over. A flow ends with the first of its calls that does not end ok.',
  table: steps,
};

/** The tables of flows, in the order of the page. */
export const FLOW_TABLES: readonly FlowTable[] = [flowOverview, flowSteps];
