/** @module Tools of the conformance suite that ask back before they answer (MCP 2026-07-28, Multi Round-Trip Requests). */
import { z } from 'zod';
import { isObject, type JsonObject } from '../../../protocol/json-object.ts';
import { capabilitiesOf, type ToolAnswer, type ToolRequest, type ToolResult } from '../../tool-answer.ts';
import type { Tool } from '../../tools.ts';
import type { StateSeal } from './request-state.ts';

/** What a server may ask a client, by the key under which the answer comes back. */
type InputRequests = Readonly<Record<string, JsonObject>>;

/** The tools, whose state `seal` protects. Source: descriptions of the scenarios `input-required-result-*`. */
export function askingTools(seal: StateSeal): readonly Tool[] {
  return [
    askingOnce('test_input_required_result_elicitation', 'Asks for a name.', {
      user_name: elicit('What is your name?', 'name', 'string'),
    }),
    askingOnce('test_input_required_result_sampling', 'Asks the model of the client.', {
      capital_question: sample('What is the capital of France?'),
    }),
    askingOnce('test_input_required_result_list_roots', 'Asks for the roots of the client.', {
      client_roots: { method: 'roots/list', params: {} },
    }),
    withState(seal, 'test_input_required_result_request_state', 'Asks, and wants its state back.', [
      { confirm: elicit('Please confirm', 'ok', 'boolean') },
    ]),
    withState(seal, 'test_input_required_result_tampered_state', 'Refuses a state that was changed.', [
      { confirm: elicit('Please confirm', 'ok', 'boolean') },
    ]),
    withState(seal, 'test_input_required_result_multiple_inputs', 'Asks three things at once.', [
      {
        user_name: elicit('What is your name?', 'name', 'string'),
        greeting: sample('Generate a greeting'),
        client_roots: { method: 'roots/list', params: {} },
      },
    ]),
    withState(seal, 'test_input_required_result_multi_round', 'Asks twice, one after the other.', [
      { step1: elicit('Step 1: What is your name?', 'name', 'string') },
      { step2: elicit('Step 2: What is your favorite color?', 'color', 'string') },
    ]),
    {
      name: 'test_input_required_result_capabilities',
      description: 'Asks only what the client says that it can answer.',
      schema: z.object({}),
      call: (_, request) => askWhatIsPossible(request),
    },
  ];
}

/** What to ask of a user who fills in a form with one field. */
export function elicit(message: string, field: string, type: 'string' | 'boolean'): JsonObject {
  const requestedSchema = { type: 'object', properties: { [field]: { type } }, required: [field] };
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } };
}

function sample(question: string): JsonObject {
  const messages = [{ role: 'user', content: { type: 'text', text: question } }];
  return { method: 'sampling/createMessage', params: { messages, maxTokens: 100 } };
}

/** The result that asks `inputRequests`. */
export function asking(inputRequests: InputRequests, requestState?: string): ToolResult {
  const state = requestState === undefined ? {} : { requestState };
  return { kind: 'result', members: { resultType: 'input_required', inputRequests, ...state } };
}

/** The answers to `inputRequests`; `undefined` unless there is an object for each of them. */
export function responsesTo(inputRequests: InputRequests, { params }: ToolRequest): JsonObject | undefined {
  const given = params['inputResponses'];
  if (!isObject(given)) return undefined;
  return Object.keys(inputRequests).every((key) => isObject(given[key])) ? given : undefined;
}

function told(responses: JsonObject): ToolResult {
  return {
    kind: 'result',
    members: { content: [{ type: 'text', text: `state-ok ${JSON.stringify(responses)}` }] },
  };
}

/** A tool that asks again until it has all answers, and keeps nothing meanwhile. */
function askingOnce(name: string, description: string, inputRequests: InputRequests): Tool {
  return {
    name,
    description,
    schema: z.object({}),
    call(_, request): ToolAnswer {
      const responses = responsesTo(inputRequests, request);
      return responses === undefined ? asking(inputRequests) : told(responses);
    },
  };
}

/** A tool that asks `rounds` one after the other, and reads in the state that comes back which one was asked last. */
function withState(
  seal: StateSeal,
  name: string,
  description: string,
  rounds: readonly InputRequests[],
): Tool {
  const ask = (round: number) => asking(rounds[round]!, seal.seal(`${name} ${round}`));
  return {
    name,
    description,
    schema: z.object({}),
    call(_, request): ToolAnswer {
      const { requestState } = request.params;
      if (requestState === undefined) return ask(0);
      const opened = seal.open(requestState);
      const round = rounds.findIndex((_asked, index) => opened === `${name} ${index}`);
      if (round < 0) {
        return { kind: 'refused', code: -32602, message: 'Invalid params: requestState was not made here' };
      }
      const responses = responsesTo(rounds[round]!, request);
      if (responses === undefined) return ask(round);
      return round + 1 < rounds.length ? ask(round + 1) : told(responses);
    },
  };
}

function askWhatIsPossible(request: ToolRequest): ToolAnswer {
  const capabilities = capabilitiesOf(request);
  const possible: InputRequests = {
    ...('elicitation' in capabilities && { user_name: elicit('What is your name?', 'name', 'string') }),
    ...('sampling' in capabilities && { greeting: sample('Generate a greeting') }),
  };
  if (Object.keys(possible).length === 0) return 'there is nothing that this client can be asked';
  const responses = responsesTo(possible, request);
  return responses === undefined ? asking(possible) : told(responses);
}
