/** @module Lists and calls of tools in the lean server, the same in both eras. */
import { z } from 'zod';
import type { Allowance, Guard } from '../../guard/guard.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { InstanceInput } from '../instance.ts';
import { isObject } from '../json-object.ts';
import type { Caller } from '../queue.ts';
import { type Tool, type ToolSet, toolSet } from '../tools.ts';
import { type AnswerContext, type Answers, createAnswers } from './answers.ts';
import { type LeanRequest, type Refusal, refusal } from './message.ts';
import type { Results } from './results.ts';

/** What the handling of every request needs. */
export interface Desk extends ToolSet {
  readonly byName: ReadonlyMap<string, Tool>;
  readonly names: readonly string[];
  readonly answers: Answers;
  readonly results: Results;
  /** Absent when calls are not checked. */
  readonly guard?: Guard | undefined;
  /** The result, as JSON text, or the refusal of a tool that is not listed; `undefined` when there is none of that name either. */
  readonly unlisted?: (params: LeanRequest['params']) => string | Refusal | undefined;
}

/** What differs between the eras. */
export interface DeskOptions extends Pick<Desk, 'unlisted'> {
  /** The HTTP methods that are served. */
  readonly methods: readonly string[];
  readonly resultsOf: (input: InstanceInput, tools: readonly Tool[]) => Results;
}

/** The desk of an instance, whose calls `guard` checks. */
export function createDesk(
  input: InstanceInput,
  guard: Guard | undefined,
  { methods, resultsOf, unlisted }: DeskOptions,
): Desk {
  const offered = toolSet(input.tools, input.seed, input.index);
  const byName = new Map(offered.tools.map((tool) => [tool.name, tool]));
  return {
    ...offered,
    byName,
    names: [...byName.keys()],
    guard,
    answers: createAnswers(input.id, methods),
    results: resultsOf(input, offered.tools),
    ...(unlisted && { unlisted }),
  };
}

/** `queueUs` is there once the request has had to take a slot. */
export interface LeanContext extends AnswerContext {
  readonly readUs: Micros;
  /** How long the whole check took, and what it allowed; absent without a guard. */
  readonly checkUs?: Micros;
  readonly allowance?: Allowance;
}

export type Answer = string | Promise<string>;

/** Answers `tools/call` and `tools/list`, in a slot where these are limited; `undefined` for any other method. */
export function answerTools(
  message: LeanRequest,
  context: LeanContext,
  desk: Desk,
  caller: Caller,
): Answer | undefined {
  switch (message.method) {
    case 'tools/call':
      return inSlot(desk, caller, context, (held) => callTool(message, held, desk));
    case 'tools/list':
      return inSlot(desk, caller, context, (held) => listTools(message, held, desk));
    default:
      return undefined;
  }
}

/** Does `work` at once, or in a slot where these are limited. */
function inSlot(
  { queue }: Desk,
  caller: Caller,
  context: LeanContext,
  work: (context: LeanContext) => Answer,
): Answer {
  if (queue === undefined) return work(context);
  const enteredUs = systemClock.now();
  const answered = queue.run(caller, () => work({ ...context, queueUs: systemClock.now() - enteredUs }));
  // Without an answer the caller has disconnected, and nothing is written.
  return answered.then((answer = '') => answer);
}

function listTools({ id, params }: LeanRequest, context: LeanContext, desk: Desk): Answer {
  const { answers, takeListTime } = desk;
  // The list is a single page, so no cursor was ever issued.
  if (params['cursor'] !== undefined) {
    return answers.refusal({ ...refusal(200, -32602, 'Invalid params: unknown cursor'), id }, context);
  }
  const list = listFor(desk, context);
  const answer = (): string => answers.result(id, list, context);
  return takeListTime === undefined ? answer() : takeListTime().then(answer);
}

/** All tools, or those that the caller may call. */
function listFor({ guard, names, results }: Desk, { allowance }: LeanContext): string {
  if (guard === undefined || !guard.listsByCaller) return results.toolsList;
  return results.listOf(guard.listed(names, allowance?.identity));
}

function callTool({ id, params }: LeanRequest, context: LeanContext, desk: Desk): Answer {
  const { answers, results } = desk;
  const tool = desk.byName.get(params['name'] as string);
  if (tool === undefined) {
    const found = desk.unlisted?.(params);
    if (typeof found === 'string') return answers.result(id, found, context);
    if (found !== undefined) return answers.refusal({ ...found, id }, context);
    const unknown = refusal(200, -32602, `Invalid params: unknown tool ${JSON.stringify(params['name'])}`);
    return answers.refusal({ ...unknown, id }, context);
  }
  const { startedUs, readUs, checkUs = 0, queueUs = 0 } = context;
  const finish = (text: string, isError: boolean): string => {
    const toolUs = systemClock.now() - startedUs - readUs - checkUs - queueUs;
    return answers.result(id, results.text(text, isError), { ...context, toolUs });
  };
  const given = params['arguments'] ?? {};
  const checked = isObject(given) ? tool.schema.safeParse(given) : undefined;
  if (checked?.success !== true) {
    const why = checked === undefined ? 'arguments must be an object' : z.prettifyError(checked.error);
    return finish(`Invalid arguments for tool ${tool.name}: ${why}`, true);
  }
  const said = tool.call(checked.data);
  return typeof said === 'string' ? finish(said, false) : said.then((text) => finish(text, false));
}
