/** @module A flow: calls in a fixed order, each of which may use what an earlier one returned. */
import { z } from 'zod';
import { compileJsonPath } from '../template/json-path.ts';
import { SAVED } from '../template/placeholder.ts';
import { referencesIn } from '../template/template.ts';
import { CALL_KEYS, CALL_KINDS, type CallSettings, callRule, completeCall, nameOfCall } from './call.ts';
import { parseThink, Think, type ThinkTime } from './think.ts';
import {
  exactlyOne,
  integer,
  isMapping,
  type Mapping,
  mapping,
  share,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** A flow of the weighted mix, as plain data. */
export interface FlowSettings {
  readonly name: string;
  readonly weight: number;
  /** In their order; at least one. */
  readonly steps: readonly FlowStep[];
}

/** What a flow does next. */
type FlowStep = CallStep | ThinkStep | ParallelStep;

/** One call, or several of the same kind one after the other. */
export interface CallStep {
  readonly kind: 'call';
  /** Index into the flat list of calls. */
  readonly call: number;
  readonly repeat: number;
  /** JSONPaths by the name under which the value is saved. */
  readonly save: Readonly<Record<string, string>>;
  /** Share of these calls that another agent makes, with what this flow has saved; absent: none. */
  readonly stolen?: number;
}

interface ThinkStep extends ThinkTime {
  readonly kind: 'think';
}

/** Calls that are due at the same time; the flow goes on when all have ended. */
interface ParallelStep {
  readonly kind: 'parallel';
  readonly steps: readonly CallStep[];
}

const MOST_REPEATS = 1000;

const STEP_KEYS = {
  ...CALL_KEYS,
  save: z
    .record(z.string(), z.string({ error: 'a JSONPath such as $.basket_id' }), {
      error: 'a mapping of names to JSONPaths',
    })
    .optional()
    .describe('Saves parts of the result under these names: JSONPaths such as `$.basket_id`.'),
  repeat: integer(1, MOST_REPEATS).optional().describe('Makes the call this many times.'),
  stolen: share()
    .optional()
    .describe(
      'Planted misuse: the share of these calls, 0 to 1, that another agent makes with what this flow has saved, as if it had stolen the handle. However they end, the flow goes on.',
    ),
};

const Branch = withRule(exactlyOne(mapping(STEP_KEYS), CALL_KINDS), (step) => stepRule(step, CALL_KINDS));

const STEP_KINDS = [...CALL_KINDS, 'think', 'parallel'] as const;

const Step = withRule(
  exactlyOne(
    mapping({
      ...STEP_KEYS,
      think: Think.optional().describe('Waits before the next call is due.'),
      parallel: z
        .array(Branch, { error: 'a list of calls' })
        .min(1, { error: 'at least one call' })
        .optional()
        .describe('Makes these calls at the same time, and goes on when all have ended.'),
    }),
    STEP_KINDS,
  ),
  (step) => stepRule(step, STEP_KINDS),
);

/** The steps of a flow. */
export const Steps = z.array(Step, { error: 'a list of steps' }).min(1, { error: 'at least one step' });

function stepRule(step: Mapping, kinds: readonly string[]): readonly Violation[] {
  const kind = kinds.find((each) => step[each] !== undefined);
  const isCall = CALL_KINDS.some((each) => each === kind);
  const idle = ['save', 'repeat', 'stolen'].filter(
    (key) => step[key] !== undefined && kind !== undefined && !isCall,
  );
  return [
    ...callRule(step, kinds),
    ...idle.flatMap((key) =>
      violationAt([key], {
        what: `cannot be combined with ${kind}`,
        todo: 'only a call takes it; leave it out',
      }),
    ),
    ...savedPaths(step).flatMap(([name, path]) => violationAt(['save', name], savedProblem(name, path))),
    ...(isCall && step['stolen'] !== undefined ? violationAt(['stolen'], stolenProblem(step)) : []),
  ];
}

function stolenProblem(step: Mapping): Violation['problem'] | undefined {
  if (step['save'] !== undefined)
    return { what: 'cannot be combined with save', todo: 'save in another step' };
  const uses = referencesIn([step['arguments'] ?? null, step['params'] ?? null, step['read'] ?? null]);
  if (uses.some(({ source }) => source === SAVED)) return undefined;
  return {
    what: 'has no effect on a call that uses nothing that its flow has saved',
    expected: 'arguments with {{saved.NAME}}',
  };
}

const NAME = /^[A-Za-z_][\w-]*$/;

function savedProblem(name: string, path: unknown): Omit<Violation['problem'], 'where'> | undefined {
  if (!NAME.test(name)) return { what: `"${name}" is no name`, expected: 'letters, digits, _ and -' };
  if (typeof path !== 'string' || compileJsonPath(path) !== undefined) return undefined;
  return {
    what: `"${path}" is no JSONPath (RFC 9535)`,
    expected: 'a path such as $.basket_id or $.items[0].id',
  };
}

/** What a step saves, also of one that is not valid. */
export function savedPaths(step: Mapping): readonly (readonly [name: string, path: unknown])[] {
  return isMapping(step['save']) ? Object.entries(step['save']) : [];
}

/** A call among the steps of a flow that may not be valid: its keys, and where it stands below the list of steps. */
export interface PlacedCall {
  readonly call: Mapping;
  readonly path: readonly (string | number)[];
}

/** The calls of a list of steps, in groups that are due together; a think time is an empty group. */
export function groupsOf(steps: unknown): readonly (readonly PlacedCall[])[] {
  return listOf(steps).map((step, index) => {
    if (!isMapping(step) || step['think'] !== undefined) return [];
    if (step['parallel'] === undefined) return [{ call: step, path: [index] }];
    return listOf(step['parallel']).flatMap((call, branch) =>
      isMapping(call) ? [{ call, path: [index, 'parallel', branch] }] : [],
    );
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The names of a flow's calls in results, in order. A name that occurs again gets a number. */
export function stepNames(flow: string, steps: unknown): readonly (string | undefined)[] {
  const seen = new Map<string, number>();
  return groupsOf(steps)
    .flat()
    .map(({ call }) => {
      const name = nameOfCall(call);
      if (name === undefined) return undefined;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return `${flow} / ${name}${times === 1 ? '' : ` ${times}`}`;
    });
}

/** The calls and the steps of a valid flow; its calls are numbered from `first` on. */
export function completeFlow(
  { name, weight }: { readonly name: string; readonly weight: number },
  steps: z.output<typeof Steps>,
  first: number,
): { readonly flow: FlowSettings; readonly calls: readonly CallSettings[] } {
  const names = stepNames(name, steps);
  const calls = groupsOf(steps)
    .flat()
    .map(({ call }, index) => completeCall(call, names[index]!, 0));
  let next = first;
  const callStep = ({ save = {}, repeat = 1, stolen = 0 }: z.output<typeof Branch>): CallStep => {
    next += 1;
    return { kind: 'call', call: next - 1, repeat, save, ...(stolen > 0 && { stolen }) };
  };
  const completed = steps.map((step): FlowStep => {
    if (step.think !== undefined) return { kind: 'think', ...parseThink(step.think)! };
    if (step.parallel !== undefined) return { kind: 'parallel', steps: step.parallel.map(callStep) };
    return callStep(step);
  });
  return { flow: { name, weight, steps: completed }, calls };
}
