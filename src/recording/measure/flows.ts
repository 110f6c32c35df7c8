/** @module Flows: how many were completed, at which of their calls the others failed, and how long they took. */
import type { CallSettings, FlowSettings } from '../../profile/settings.ts';
import { OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import { type Micros, UNSET } from '../../units/time.ts';
import { groupByName } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import type { Measure, MeasureTally } from './measure.ts';

/** How a call ended that ended its flow. */
export type FlowFailure = Exclude<Outcome, 'ok'> | 'dropped';

/** One call of a flow. */
interface RecordedStep {
  /** Its name among the calls. */
  readonly name: string;
  /** Flows that it ended, by how it ended; only those that occurred. */
  readonly failed: Readonly<Partial<Record<FlowFailure, number>>>;
}

/** One flow of the mix. What was due and neither completed nor failed is unfinished. */
export interface RecordedFlow {
  readonly name: string;
  readonly due: number;
  readonly completed: number;
  readonly failed: number;
  /** In their order. */
  readonly steps: readonly RecordedStep[];
  /** Of completed flows, from the time at which they were due to the end of the last call. */
  readonly responseTime: Series;
  /** The same without think time. */
  readonly busyTime: Series;
}

/** The flows of one worker while they are counted; the engine writes to it. */
export class FlowTally implements MeasureTally<readonly RecordedFlow[]> {
  readonly #flows: readonly OneFlow[];
  #measureUs: Micros = UNSET;

  constructor(flows: readonly FlowSettings[], calls: readonly Pick<CallSettings, 'name'>[]) {
    this.#flows = flows.map((flow) => new OneFlow(flow, calls));
  }

  /** The measured time begins at `measureUs`: flows that were due before it are warm-up. */
  begin(measureUs: Micros): void {
    this.#measureUs = measureUs;
  }

  /** Flow number `flow` fell due. Here and below, at `dueUs`. */
  due(flow: number, dueUs: Micros): void {
    if (dueUs >= this.#measureUs) this.#flows[flow]!.due += 1;
  }

  /** All of its calls ended `ok`, the last one `tookUs` after it was due, of which `thoughtUs` was think time. */
  completed(flow: number, dueUs: Micros, tookUs: Micros, thoughtUs: Micros): void {
    if (dueUs >= this.#measureUs)
      this.#flows[flow]!.completed(clampTime(tookUs), clampTime(tookUs - thoughtUs));
  }

  /** Call number `call` of the mix ended it. */
  failed(flow: number, call: number, how: FlowFailure, dueUs: Micros): void {
    if (dueUs >= this.#measureUs) this.#flows[flow]!.failed(call, how);
  }

  counts(): readonly RecordedFlow[] {
    return this.#flows.map((flow) => flow.counts());
  }
}

class OneFlow {
  due = 0;
  readonly #name: string;
  readonly #steps = new Map<number, { readonly name: string; readonly failed: Map<FlowFailure, number> }>();
  readonly #responseTime = new Tally();
  readonly #busyTime = new Tally();
  #completed = 0;
  #failed = 0;

  constructor({ name, steps }: FlowSettings, calls: readonly Pick<CallSettings, 'name'>[]) {
    this.#name = name;
    for (const call of steps.flatMap(callsOf))
      this.#steps.set(call, { name: calls[call]!.name, failed: new Map() });
  }

  completed(tookUs: Micros, busyUs: Micros): void {
    this.#completed += 1;
    this.#responseTime.record(tookUs);
    this.#busyTime.record(busyUs);
  }

  failed(call: number, how: FlowFailure): void {
    this.#failed += 1;
    const { failed } = this.#steps.get(call)!;
    failed.set(how, (failed.get(how) ?? 0) + 1);
  }

  counts(): RecordedFlow {
    return {
      name: this.#name,
      due: this.due,
      completed: this.#completed,
      failed: this.#failed,
      steps: [...this.#steps.values()].map(({ name, failed }) => ({
        name,
        failed: Object.fromEntries(failed),
      })),
      responseTime: this.#responseTime.series(),
      busyTime: this.#busyTime.series(),
    };
  }
}

function callsOf(step: FlowSettings['steps'][number]): readonly number[] {
  if (step.kind === 'call') return [step.call];
  return step.kind === 'think' ? [] : step.steps.map(({ call }) => call);
}

export const flows: Measure<readonly RecordedFlow[], FlowTally> = {
  name: 'flows',
  start: ({ flows: settings, calls }) =>
    settings === undefined || calls === undefined ? undefined : new FlowTally(settings, calls),
  merge: (list) => groupByName(list.flat()).map(merged),
};

function merged(parts: readonly RecordedFlow[]): RecordedFlow {
  const sum = (key: 'due' | 'completed' | 'failed'): number =>
    parts.reduce((all, part) => all + part[key], 0);
  return {
    name: parts[0]!.name,
    due: sum('due'),
    completed: sum('completed'),
    failed: sum('failed'),
    steps: groupByName(parts.flatMap(({ steps }) => steps)).map(mergedStep),
    responseTime: mergeSeries(parts.map((part) => part.responseTime)),
    busyTime: mergeSeries(parts.map((part) => part.busyTime)),
  };
}

const FAILURES: readonly FlowFailure[] = [...OUTCOMES.filter((outcome) => outcome !== 'ok'), 'dropped'];

function mergedStep(parts: readonly RecordedStep[]): RecordedStep {
  const counts = FAILURES.map(
    (how) => [how, parts.reduce((all, { failed }) => all + (failed[how] ?? 0), 0)] as const,
  );
  return { name: parts[0]!.name, failed: Object.fromEntries(counts.filter(([, count]) => count > 0)) };
}
