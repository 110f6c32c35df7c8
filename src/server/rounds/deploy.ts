/** @module The tool `deploy`, which asks back before it answers, and keeps nothing in between: all that it needs comes back in `requestState`. */
import { z } from 'zod';
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import {
  capabilitiesOf,
  structured,
  type ToolAnswer,
  type ToolRefusal,
  type ToolRequest,
} from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import { INVALID_STATE, isFirstUse, type RoundOptions } from './returned-state.ts';

/** Source: MCP 2026-07-28, Error Codes, MissingRequiredClientCapability. */
const MISSING_CAPABILITY: ToolRefusal = {
  kind: 'refused',
  code: -32021,
  message: 'Missing required client capability: elicitation.form',
  data: { requiredCapabilities: { elicitation: { form: {} } } },
  status: 400,
};

/** The tool, which asks as often as `settings` say. */
export function deploy(options: RoundOptions): Tool {
  return {
    name: 'deploy',
    description: 'Deploys to an environment, after the user has confirmed each step.',
    schema: z.object({ env: z.string().max(200).describe('The environment') }),
    call: (input, request) => answer(String(input['env']), request, options),
  };
}

async function answer(env: string, request: ToolRequest, options: RoundOptions): Promise<ToolAnswer> {
  if (!takesForms(request)) return MISSING_CAPABILITY;
  const { requestState, inputResponses } = request.params;
  if (requestState === undefined) return ask(1, env, request, options);
  const { codec, settings, used } = options;
  const round = codec.open(requestState, request)?.['round'];
  if (typeof round !== 'number') return INVALID_STATE;
  const decision = decisionIn(inputResponses, round);
  // Asks again, and the state is not used up: the caller has not said anything.
  if (decision === undefined) return ask(round, env, request, options);
  if (!(await isFirstUse(String(requestState), settings, used))) return INVALID_STATE;
  if (!decision) return structured({ env, deployed: false });
  return round < settings.rounds
    ? ask(round + 1, env, request, options)
    : structured({ env, deployed: true });
}

/** An empty `elicitation` stands for forms. Source: MCP 2026-07-28, Elicitation, Capabilities. */
function takesForms(request: ToolRequest): boolean {
  const { elicitation } = capabilitiesOf(request);
  return isObject(elicitation) && (Object.keys(elicitation).length === 0 || isObject(elicitation['form']));
}

const keyOf = (round: number): string => `confirm_${round}`;

function ask(
  round: number,
  env: string,
  request: ToolRequest,
  { codec, settings }: RoundOptions,
): ToolAnswer {
  const message = `Step ${round} of ${settings.rounds}: deploy to ${env}?`;
  const requestedSchema = {
    type: 'object',
    properties: { ok: { type: 'boolean', title: 'Go on', default: true } },
    required: ['ok'],
  };
  const inputRequests = {
    [keyOf(round)]: { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } },
  };
  const requestState = codec.seal({ round, padding: 'x'.repeat(settings.stateBytes) }, request);
  return { kind: 'result', members: { resultType: 'input_required', inputRequests, requestState } };
}

/** Whether the user goes on; undefined without an answer to this round. */
function decisionIn(responses: unknown, round: number): boolean | undefined {
  const given = isObject(responses) ? responses[keyOf(round)] : undefined;
  if (!isObject(given)) return undefined;
  const { action, content } = given as { readonly action?: unknown; readonly content?: JsonObject };
  return action === 'accept' && isObject(content) && content['ok'] === true;
}
