/** @module A flow as it is run: its calls in groups that are due together, compiled once for all of its arrivals. */
import type { CallStep, FlowSettings } from '../../profile/settings.ts';
import { compileJsonPath, type JsonPath } from '../../profile/template/json-path.ts';
import type { Micros } from '../../units/time.ts';

/** A flow of the mix. */
export interface FlowPlan {
  readonly name: string;
  /** In their order; at least one. */
  readonly groups: readonly Group[];
  /** How many calls it makes. */
  readonly calls: number;
}

/** Calls that are due at the same time. */
export interface Group {
  /** Think time before them, evenly distributed between both bounds. */
  readonly minThinkUs: Micros;
  readonly maxThinkUs: Micros;
  readonly calls: readonly PlannedCall[];
}

/** One call of a flow. */
export interface PlannedCall {
  /** Index into the mix of calls. */
  readonly call: number;
  /** Its place among the calls of the flow, from 0: its number is that of the arrival and this one. */
  readonly offset: number;
  readonly save: readonly SavedPath[];
  /** Share of these calls that another agent makes. */
  readonly stolen: number;
}

/** What is saved of a result. */
export interface SavedPath {
  readonly name: string;
  /** As written. */
  readonly path: string;
  readonly compiled: JsonPath;
}

/** The flows of a mix, compiled. */
export function planFlows(flows: readonly FlowSettings[]): readonly FlowPlan[] {
  return flows.map(planFlow);
}

/** How many numbers each arrival of a mix with these flows has, so that each call has one of its own. */
export function strideOf(flows: readonly FlowSettings[]): number {
  return flows.reduce((most, flow) => Math.max(most, callsOf(flow)), 1);
}

/** How many calls a flow makes. */
function callsOf({ steps }: FlowSettings): number {
  return steps.reduce((sum, step) => {
    if (step.kind === 'call') return sum + step.repeat;
    return step.kind === 'think' ? sum : sum + step.steps.reduce((of, { repeat }) => of + repeat, 0);
  }, 0);
}

function planFlow(flow: FlowSettings): FlowPlan {
  const groups: Group[] = [];
  let [minThinkUs, maxThinkUs, offset] = [0, 0, 0];
  const add = (calls: readonly Omit<PlannedCall, 'offset'>[]): void => {
    groups.push({
      minThinkUs,
      maxThinkUs,
      calls: calls.map((call, index) => ({ ...call, offset: offset + index })),
    });
    offset += calls.length;
    minThinkUs = 0;
    maxThinkUs = 0;
  };
  for (const step of flow.steps) {
    if (step.kind === 'think') {
      minThinkUs += step.minUs;
      maxThinkUs += step.maxUs;
    } else if (step.kind === 'call') {
      const call = plannedOf(step);
      for (let time = 0; time < step.repeat; time += 1) add([call]);
    } else {
      add(step.steps.flatMap((each) => Array.from({ length: each.repeat }, () => plannedOf(each))));
    }
  }
  return { name: flow.name, groups, calls: offset };
}

const plannedOf = ({ call, save, stolen = 0 }: CallStep): Omit<PlannedCall, 'offset'> => ({
  call,
  save: savedOf(save),
  stolen,
});

function savedOf(save: Readonly<Record<string, string>>): readonly SavedPath[] {
  return Object.entries(save).map(([name, path]) => {
    const compiled = compileJsonPath(path);
    if (compiled === undefined) throw new TypeError(`${path} is no JSONPath`);
    return { name, path, compiled };
  });
}
