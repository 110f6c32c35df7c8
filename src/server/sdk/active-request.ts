/** @module The HTTP request under way in an SDK server. The SDKs call tools without it, so it is kept in asynchronous context. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Allowance } from '../../guard/guard.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { systemClock } from '../../units/clock.ts';
import type { Caller } from '../queue.ts';
import type { Timing } from '../server-timing.ts';
import type { ToolAnswer, ToolRefusal } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';

/** A request that is being handled, with its timing as it becomes known. */
export interface ActiveRequest extends Timing {
  readonly caller: Caller;
  authUs: Timing['authUs'];
  policyUs: Timing['policyUs'];
  /** Of a request that a guard has allowed. */
  allowance: Allowance | undefined;
  queueUs: Timing['queueUs'];
  state: Timing['state'];
  toolUs: Timing['toolUs'];
  /** What the tool has answered, where that is a JSON-RPC error. */
  refusal: ToolRefusal | undefined;
}

const active = new AsyncLocalStorage<ActiveRequest>();

/** Runs `handle` as a request of `caller` that starts now; whatever it calls finds it with {@link activeRequest}. */
export function asActiveRequest<T>(caller: Caller, handle: (request: ActiveRequest) => T): T {
  const request: ActiveRequest = {
    caller,
    startedUs: systemClock.now(),
    authUs: undefined,
    policyUs: undefined,
    allowance: undefined,
    queueUs: undefined,
    state: undefined,
    toolUs: undefined,
    refusal: undefined,
  };
  return active.run(request, () => handle(request));
}

/** The request under way; `undefined` outside of one. */
export function activeRequest(): ActiveRequest | undefined {
  return active.getStore();
}

/** Calls the tool, whose caller has sent `params`, and notes the time it took on the request under way. */
export async function timedCall(
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
  params: JsonObject,
): Promise<ToolAnswer> {
  const request = activeRequest();
  const startedUs = systemClock.now();
  try {
    const said = await tool.call(input, { params, identity: request?.allowance?.identity });
    if (request !== undefined && typeof said !== 'string' && said.kind === 'refused') request.refusal = said;
    if (request !== undefined && typeof said === 'object' && said.kind === 'result') {
      request.state = said.state;
    }
    return said;
  } finally {
    if (request !== undefined) request.toolUs = systemClock.now() - startedUs;
  }
}
