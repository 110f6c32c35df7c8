/** @module Prompts of the conformance suite: with and without arguments, with a resource, with an image, and one that asks back. */
import type { JsonObject } from '../../../protocol/json-object.ts';
import type { ToolRequest, ToolResult } from '../../tool-answer.ts';
import type { Prompt } from '../prompts.ts';
import { asking, elicit, responsesTo } from './asking-tools.ts';
import { RED_PIXEL } from './samples.ts';

const ASKED = { user_context: elicit('What context should the prompt use?', 'context', 'string') };

/** The prompts. Source: descriptions of the scenarios `prompts-get-*` and `input-required-result-non-tool-request`. */
export const CONFORMANCE_PROMPTS: readonly Prompt[] = [
  prompt('test_simple_prompt', 'A prompt without arguments.', [], () =>
    messages({ type: 'text', text: 'This is a simple prompt for testing.' }),
  ),
  prompt('test_prompt_with_arguments', 'A prompt with two arguments.', ['arg1', 'arg2'], (given) =>
    messages({
      type: 'text',
      text: `Prompt with arguments: arg1='${given['arg1'] ?? ''}', arg2='${given['arg2'] ?? ''}'`,
    }),
  ),
  prompt('test_prompt_with_embedded_resource', 'A prompt with a resource.', ['resourceUri'], (given) =>
    messages(
      {
        type: 'resource',
        resource: {
          uri: given['resourceUri'] ?? 'test://example-resource',
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      },
      { type: 'text', text: 'Please process the embedded resource above.' },
    ),
  ),
  prompt('test_prompt_with_image', 'A prompt with an image.', [], () =>
    messages(
      { type: 'image', data: RED_PIXEL, mimeType: 'image/png' },
      { type: 'text', text: 'Please analyze the image above.' },
    ),
  ),
  prompt('test_input_required_result_prompt', 'A prompt that asks back.', [], (_, request) => {
    const responses = responsesTo(ASKED, request);
    if (responses === undefined) return asking(ASKED);
    return messages({ type: 'text', text: `In the context ${JSON.stringify(responses['user_context'])}` });
  }),
];

function prompt(
  name: string,
  description: string,
  args: readonly string[],
  get: (given: JsonObject, request: ToolRequest) => ToolResult,
): Prompt {
  return {
    name,
    title: name,
    description,
    arguments: args.map((arg) => ({ name: arg, description: `Argument ${arg}`, required: true })),
    get: (request) => get((request.params['arguments'] ?? {}) as JsonObject, request),
  };
}

function messages(...contents: readonly JsonObject[]): ToolResult {
  return {
    kind: 'result',
    members: { messages: contents.map((content) => ({ role: 'user', content })) },
  };
}
