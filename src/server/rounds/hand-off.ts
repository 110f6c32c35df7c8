/** @module The tool `hand_off`, which asks for nothing and lets the call come again, as a server does that wants another instance to go on. */
import { z } from 'zod';
import { structured, type ToolAnswer, type ToolRequest } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import { INVALID_STATE, isFirstUse, type RoundOptions } from './returned-state.ts';

/** Most hand-offs of one call. */
const MOST = 10;

/**
 * The tool. Each of its hand-offs is an answer with a `requestState` and without requests, after which clients may retry at once. Source: MCP
 * 2026-07-28, Multi Round-Trip Requests.
 */
export function handOff(options: RoundOptions): Tool {
  return {
    name: 'hand_off',
    description: 'Hands the call on before it answers: the client only has to send it again.',
    schema: z.object({
      text: z.string().max(200).describe('What the answer says'),
      times: z.int().min(1).max(MOST).default(1).describe('How often the call is handed on'),
    }),
    annotations: { readOnlyHint: true },
    call: (input, request) => answer(String(input['text']), Number(input['times']), request, options),
  };
}

async function answer(
  text: string,
  times: number,
  request: ToolRequest,
  { codec, settings, used }: RoundOptions,
): Promise<ToolAnswer> {
  const { requestState } = request.params;
  const handedOn = requestState === undefined ? 0 : codec.open(requestState, request)?.['handedOn'];
  if (typeof handedOn !== 'number') return INVALID_STATE;
  if (requestState !== undefined && !(await isFirstUse(String(requestState), settings, used)))
    return INVALID_STATE;
  if (handedOn === times) return structured({ text, times });
  const padding = 'x'.repeat(settings.stateBytes);
  const next = codec.seal({ handedOn: handedOn + 1, padding }, request);
  return { kind: 'result', members: { resultType: 'input_required', requestState: next } };
}
