/** @module The tools by which the official conformance suite tests a stateless server: they can be called, and are not listed. */
import { isObject } from '../../protocol/json-object.ts';
import { CAPABILITIES_KEY } from '../../protocol/stateless.ts';
import { type Refusal, refusal } from './message.ts';
import type { Subscriptions } from './subscriptions.ts';

/** What each tool needs of the client, and its result when the client has it; `tells`: clients are told that this list has changed. */
interface Diagnostic {
  readonly needs?: string;
  readonly tells?: 'tools' | 'prompts';
  readonly result: unknown;
}

const DIAGNOSTICS: Readonly<Record<string, Diagnostic>> = {
  test_missing_capability: {
    needs: 'sampling',
    result: asking('sampling/createMessage', {
      messages: [{ role: 'user', content: { type: 'text', text: 'Which year is it?' } }],
      maxTokens: 10,
    }),
  },
  test_streaming_elicitation: {
    needs: 'elicitation',
    result: asking('elicitation/create', {
      mode: 'form',
      message: 'Go on?',
      requestedSchema: {
        type: 'object',
        properties: { confirmed: { type: 'boolean' } },
        required: ['confirmed'],
      },
    }),
  },
  // A server without logging has nothing to send, asked or not.
  test_logging_tool: { result: saying('logged') },
  test_trigger_tool_change: { tells: 'tools', result: saying('told') },
  test_trigger_prompt_change: { tells: 'prompts', result: saying('told') },
};

/** The result, as JSON text, or the refusal of a diagnostic tool; `undefined` when `params` name none. */
export function diagnose(
  params: Readonly<Record<string, unknown>>,
  subscriptions: Subscriptions,
): string | Refusal | undefined {
  const name = params['name'];
  if (typeof name !== 'string' || !Object.hasOwn(DIAGNOSTICS, name)) return undefined;
  const { needs, tells, result } = DIAGNOSTICS[name]!;
  if (tells !== undefined) subscriptions.tell(tells);
  if (needs === undefined || declared(params, needs)) return JSON.stringify(result);
  const message = `Missing required client capability: ${needs}`;
  return { ...refusal(400, -32021, message), data: { requiredCapabilities: { [needs]: {} } } };
}

function declared(params: Readonly<Record<string, unknown>>, capability: string): boolean {
  const meta = params['_meta'];
  const capabilities = isObject(meta) ? meta[CAPABILITIES_KEY] : undefined;
  return isObject(capabilities) && Object.hasOwn(capabilities, capability);
}

function saying(text: string): unknown {
  return { resultType: 'complete', content: [{ type: 'text', text }] };
}

function asking(method: string, params: unknown): unknown {
  return { resultType: 'input_required', inputRequests: { answer: { method, params } } };
}
