/** @module Calls of tools, lists and reads in the lean server, the same in both eras. */
import { z } from 'zod';
import type { Allowance, Guard } from '../../guard/guard.ts';
import { isObject } from '../../protocol/json-object.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { CatalogueChange } from '../catalogue-change.ts';
import type { InstanceInput } from '../instance.ts';
import { changedOffer } from '../offer/offer.ts';
import type { ListMethod } from '../offer/pages.ts';
import type { Caller } from '../queue.ts';
import { started } from '../started.ts';
import type { TaskBoard } from '../tasks/board.ts';
import type { ToolAnswer } from '../tool-answer.ts';
import type { Tool, ToolSet } from '../tools.ts';
import { type AnswerContext, type Answers, asciiJson, createAnswers, resultMessage } from './answers.ts';
import { Catalogue } from './catalogue.ts';
import { type LeanRequest, type Refusal, refusal } from './message.ts';
import { type ResultForm, type TextResult, textResult, withMoreCapabilities } from './results.ts';

/** What the handling of every request needs. */
export interface Desk extends Pick<ToolSet, 'queue' | 'takeListTime' | 'methods'> {
  /** What is offered at present. */
  readonly catalogue: Catalogue;
  readonly answers: Answers;
  readonly textResult: TextResult;
  /** Members of every result that is not cacheable. */
  readonly plain: object;
  readonly unknownResource: ResultForm['unknownResource'];
  /** Absent when nothing makes tasks. */
  readonly tasks?: TaskBoard | undefined;
  /** Absent when calls are not checked. */
  readonly guard?: Guard | undefined;
  /** The result, as JSON text, or the refusal of a tool that is not listed; `undefined` when there is none of that name either. */
  readonly unlisted?: (params: LeanRequest['params']) => string | Refusal | undefined;
  /** Offers something else from now on. Returns whether that is new. */
  change(change: CatalogueChange): boolean;
}

/** What differs between the eras. */
export interface DeskOptions extends Pick<Desk, 'unlisted'> {
  /** The HTTP methods that are served. */
  readonly methods: readonly string[];
  readonly form: ResultForm;
  /** Tools beside those of the catalogue. */
  readonly added?: readonly Tool[];
}

/** The desk of an instance, whose calls `guard` checks. */
export function createDesk(
  input: InstanceInput,
  guard: Guard | undefined,
  { methods, form, unlisted, added = [] }: DeskOptions,
): Desk {
  const { methods: more, queue, takeListTime, capabilities, tasks, offer: first } = started(input, added);
  let offer = first;
  const withCapabilities = withMoreCapabilities(form, capabilities);
  let catalogue = new Catalogue(offer, input.offer, withCapabilities);
  return {
    get catalogue() {
      return catalogue;
    },
    ...(queue && { queue }),
    ...(takeListTime && { takeListTime }),
    tasks,
    guard,
    answers: createAnswers(input.id, methods),
    textResult: textResult(form.plain),
    plain: form.plain,
    methods: more,
    unknownResource: form.unknownResource,
    ...(unlisted && { unlisted }),
    change(change) {
      const next = changedOffer(offer, change, input.offer);
      if (next === offer) return false;
      offer = next;
      catalogue = new Catalogue(offer, input.offer, withCapabilities);
      return true;
    },
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

/** Answers calls, lists, reads and prompts, in a slot where these are limited; `undefined` for any other method. */
export function answerOffered(
  message: LeanRequest,
  context: LeanContext,
  desk: Desk,
  caller: Caller,
): Answer | undefined {
  const { method } = message;
  switch (method) {
    case 'tools/call':
      return inSlot(desk, caller, context, (held) => callTool(message, held, desk));
    case 'tools/list':
    case 'prompts/list':
    case 'resources/list':
    case 'resources/templates/list':
    case 'resources/read':
      return inSlot(desk, caller, context, (held) =>
        afterListTime(desk, () => show(method, message, held, desk)),
      );
    case 'prompts/get':
      return prompt(message, context, desk);
    default:
      return offeredMethod(message, context, desk, caller);
  }
}

/** Answers a method that is offered beside those of every server; `undefined` for any other. */
function offeredMethod(
  { id, method, params }: LeanRequest,
  context: LeanContext,
  desk: Desk,
  caller: Caller,
): Answer | undefined {
  const offered = Object.hasOwn(desk.methods, method) ? desk.methods[method] : undefined;
  if (offered === undefined) return undefined;
  return inSlot(desk, caller, context, async (held) =>
    written(id, await offered({ params, identity: held.allowance?.identity }), held, desk),
  );
}

/** The answer as it is sent. */
function written(
  id: LeanRequest['id'],
  said: Exclude<ToolAnswer, string>,
  context: LeanContext,
  { answers, plain }: Desk,
): string {
  if (said.kind === 'result') {
    const result = asciiJson({ ...plain, ...said.members });
    const { notifications = [] } = said;
    if (notifications.length === 0) return answers.result(id, result, context);
    return answers.events(
      [
        ...notifications.map((notification) => asciiJson({ jsonrpc: '2.0', ...notification })),
        resultMessage(id, result),
      ],
      context,
    );
  }
  const { status = 200, code, message, data } = said;
  return answers.refusal({ ...refusal(status, code, message), data, id }, context);
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

function afterListTime({ takeListTime }: Desk, answer: () => string): Answer {
  return takeListTime === undefined ? answer() : takeListTime().then(answer);
}

/** A page of a list, or a resource. */
function show(
  method: ListMethod | 'resources/read',
  { id, params }: LeanRequest,
  context: LeanContext,
  desk: Desk,
): string {
  const { answers, catalogue } = desk;
  if (method === 'resources/read') {
    const { uri } = params;
    const read = catalogue.read(uri);
    if (read !== undefined) return answers.result(id, read, context);
    const unknown = refusal(200, desk.unknownResource, `unknown resource ${JSON.stringify(uri)}`);
    return answers.refusal({ ...unknown, data: { uri }, id }, context);
  }
  const page = catalogue.page(
    method,
    params['cursor'],
    method === 'tools/list' ? shown(desk, context) : undefined,
  );
  if (page !== undefined) return answers.result(id, page, context);
  return answers.refusal({ ...refusal(200, -32602, 'Invalid params: unknown cursor'), id }, context);
}

/** Names of the tools that the caller may call; `undefined` when that does not depend on the caller. */
function shown({ guard, catalogue }: Desk, { allowance }: LeanContext): readonly string[] | undefined {
  if (guard === undefined || !guard.listsByCaller) return undefined;
  return guard.listed(catalogue.names, allowance?.identity);
}

function prompt({ id, params }: LeanRequest, context: LeanContext, { answers, catalogue }: Desk): string {
  const found = catalogue.prompt({ params, identity: context.allowance?.identity });
  if (found !== undefined) return answers.result(id, found, context);
  const unknown = refusal(200, -32602, `Invalid params: unknown prompt ${JSON.stringify(params['name'])}`);
  return answers.refusal({ ...unknown, id }, context);
}

function callTool({ id, params }: LeanRequest, context: LeanContext, desk: Desk): Answer {
  const { answers } = desk;
  const tool = desk.catalogue.byName.get(params['name'] as string);
  if (tool === undefined) {
    const found = desk.unlisted?.(params);
    if (typeof found === 'string') return answers.result(id, found, context);
    if (found !== undefined) return answers.refusal({ ...found, id }, context);
    const unknown = refusal(200, -32602, `Invalid params: unknown tool ${JSON.stringify(params['name'])}`);
    return answers.refusal({ ...unknown, id }, context);
  }
  const { startedUs, readUs, checkUs = 0, sessionUs = 0, queueUs = 0 } = context;
  const beforeUs = readUs + checkUs + sessionUs + queueUs;
  const timed = (): LeanContext & { readonly toolUs: Micros } => ({
    ...context,
    toolUs: systemClock.now() - startedUs - beforeUs,
  });
  const finish = (said: ToolAnswer): string =>
    typeof said === 'string'
      ? answers.result(id, desk.textResult(said, false, tool.output?.value), timed())
      : written(id, said, { ...timed(), state: said.kind === 'result' ? said.state : undefined }, desk);
  const given = params['arguments'] ?? {};
  const checked = isObject(given) ? tool.schema.safeParse(given) : undefined;
  if (checked?.success !== true) {
    const why = checked === undefined ? 'arguments must be an object' : z.prettifyError(checked.error);
    const text = `Invalid arguments for tool ${tool.name}: ${why}`;
    return answers.result(id, desk.textResult(text, true), timed());
  }
  const said = tool.call(checked.data, { params, identity: context.allowance?.identity });
  return said instanceof Promise ? said.then(finish) : finish(said);
}
