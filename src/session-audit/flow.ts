/** @module The flow of a tool: the calls that make what it needs, and then its own. Found by trying the tools once at one place. */

import type { JsonObject } from '../protocol/json-object.ts';
import { synthesise } from '../synthesis/arguments.ts';
import { type LearnedValue, type Source, valueAt, valuesIn } from '../synthesis/learned.ts';
import { inOrder } from '../synthesis/order.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { Client } from './client.ts';
import { type AuditRequest, type Exchange, type Place, succeeded, unanswered } from './exchange.ts';
import { askInSession } from './own-session.ts';
import type { AuditTool, NotCalled } from './survey.ts';

/** A call whose arguments may come from results of earlier steps. */
export interface Step {
  readonly tool: string;
  /** Without those in `from`. */
  readonly arguments: JsonObject;
  /** Parameters whose value is in the result of an earlier step, by name. */
  readonly from: Readonly<Record<string, Source>>;
}

/** The steps that lead to a call of `tool`, and the call: the last one. */
export interface Flow {
  readonly tool: string;
  readonly steps: readonly Step[];
}

/** The flow of each tool that can be called, and why the others cannot. */
export interface Flows {
  readonly flows: readonly Flow[];
  readonly notCalled: ReadonlyMap<string, NotCalled>;
  /** The calls by which flows were looked for. */
  readonly tried: readonly Exchange[];
}

/** Rounds in which tools are tried that had no success before: what they need may have been made meanwhile. */
const ROUNDS = 2;

/** Tries each tool that may be called, at `place`, so that results of one can be arguments of the next. */
export async function findFlows(
  tools: readonly AuditTool[],
  client: Client,
  place: Place,
  seed: number,
): Promise<Flows> {
  const learned: LearnedValue[] = [];
  const steps = new Map<string, Step>();
  const failed = new Map<string, NotCalled>();
  const tried: Exchange[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const tool of inOrder(tools)) {
      if (tool.notCalled !== undefined || steps.has(tool.name)) continue;
      const made = await synthesise(tool, { seed, learned });
      if (made.kind === 'none') {
        failed.set(tool.name, 'no-arguments');
        continue;
      }
      const exchange = await askInSession(client, callOf(tool.name, made.arguments), place);
      tried.push(exchange);
      if (!succeeded(exchange) && !asksBack(exchange)) {
        failed.set(tool.name, whyFailed(exchange));
        continue;
      }
      steps.set(tool.name, stepOf(tool.name, made.arguments, made.from));
      learned.push(...valuesIn(tool.name, exchange.answer.result));
    }
  }
  const flows = [...steps.keys()].map((tool) => ({ tool, steps: leadingTo(tool, steps) }));
  const without = [...failed].filter(([tool]) => !steps.has(tool));
  const excluded = tools.flatMap(({ name, notCalled }) =>
    notCalled === undefined ? [] : [[name, notCalled] as const],
  );
  return { flows, notCalled: new Map([...excluded, ...without]), tried };
}

function whyFailed(exchange: Exchange): NotCalled {
  if (exchange.answer.outcome === 'timeout') return 'timed-out';
  return unanswered(exchange) ? 'no-answer' : 'call-failed';
}

/** An answer that is neither an error nor complete: the call becomes a task, or the server asks back. */
const asksBack = ({ answer: { outcome } }: Exchange): boolean =>
  outcome === 'input-required' || outcome === 'task';

const callOf = (tool: string, args: JsonObject): AuditRequest => ({
  method: 'tools/call',
  name: tool,
  params: { name: tool, arguments: args },
  capabilities: CAPABILITIES,
});

/** The step that calls `tool` with `args`, of which those in `from` were learned. */
export function stepOf(tool: string, args: JsonObject, from: Readonly<Record<string, LearnedValue>>): Step {
  return {
    tool,
    arguments: Object.fromEntries(Object.entries(args).filter(([name]) => !(name in from))),
    from: Object.fromEntries(Object.entries(from).map(([name, { source }]) => [name, source])),
  };
}

/** The steps that `tool` needs, each once and after those that it needs itself, and its own. */
export function leadingTo(tool: string, steps: ReadonlyMap<string, Step>): readonly Step[] {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    for (const { tool: source } of Object.values(steps.get(name)!.from)) visit(source);
    needed.add(name);
  };
  visit(tool);
  return [...needed].map((name) => steps.get(name)!);
}

/**
 * Makes the calls of `flow`, each at the place that `placeOf` gives for it. Ends with the first one that does not succeed. Resolves with
 * the exchanges; all were made when there are as many as steps.
 */
export async function runFlow(
  flow: Flow,
  client: Client,
  placeOf: (step: Step, index: number) => Place,
): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const results = new Map<string, JsonObject>();
  for (const [index, step] of flow.steps.entries()) {
    const exchange = await askInSession(client, requestOf(step, results), placeOf(step, index));
    exchanges.push(exchange);
    if (!succeeded(exchange)) break;
    results.set(step.tool, exchange.answer.result ?? {});
  }
  return exchanges;
}

/** The call of `step`, with values from the `results` of earlier steps, by tool. */
export function requestOf(step: Step, results: ReadonlyMap<string, JsonObject>): AuditRequest {
  return callOf(step.tool, argumentsOf(step, results));
}

/** The arguments of that call. */
export function argumentsOf(step: Step, results: ReadonlyMap<string, JsonObject>): JsonObject {
  const filled = Object.entries(step.from).map(
    ([name, source]) => [name, valueAt(results.get(source.tool), source)] as const,
  );
  return { ...step.arguments, ...Object.fromEntries(filled) };
}
