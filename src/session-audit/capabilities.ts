/** @module What the client of an audit declares that it can do, and how it answers a server that asks back. */

import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import {
  INPUT_KINDS,
  type InputRules,
  inputAnswers,
  inputCapabilities,
} from '../protocol/rounds/input-answer.ts';
import { TASKS_CAPABILITY } from '../protocol/tasks.ts';
import type { AuditRequest, Exchange } from './exchange.ts';

/** Everything that a server may ask for, so that an audit sees what it asks for. */
export const CAPABILITIES: JsonObject = {
  ...inputCapabilities(INPUT_KINDS),
  ...TASKS_CAPABILITY,
};

const RULES: InputRules = { kinds: INPUT_KINDS, roots: [], text: 'Yes.' };

/** The call of `asked` again, with answers to what the server asked for in it; `undefined` when it asked for something else. */
export function retryOf({ request, answer }: Exchange): AuditRequest | undefined {
  const { inputRequests, requestState } = answer.result ?? {};
  const inputResponses = inputAnswers(objectOf(inputRequests), RULES);
  if (inputResponses === undefined) return undefined;
  const params = { ...request.params, inputResponses, ...(requestState !== undefined && { requestState }) };
  return { ...request, params };
}
