/** @module Tools of the conformance suite that answer at once: every kind of content, an error, progress, a schema with all keywords, a mirrored argument. */
import { z } from 'zod';
import type { JsonObject } from '../../../protocol/json-object.ts';
import { failed, type ToolAnswer, type ToolRequest, type ToolResult } from '../../tool-answer.ts';
import type { Tool } from '../../tools.ts';
import { RED_PIXEL, SILENCE } from './samples.ts';

const NOTHING = z.object({});
const IMAGE = { type: 'image', data: RED_PIXEL, mimeType: 'image/png' };

/** The tools. Source: descriptions of the scenarios `tools-call-*`, `json-schema-2020-12` and `http-custom-header-server-validation`. */
export const CONTENT_TOOLS: readonly Tool[] = [
  answering('test_simple_text', 'Answers with a text.', text('This is a simple text response for testing.')),
  answering('test_image_content', 'Answers with an image.', IMAGE),
  answering('test_audio_content', 'Answers with a sound.', {
    type: 'audio',
    data: SILENCE,
    mimeType: 'audio/wav',
  }),
  answering('test_embedded_resource', 'Answers with a resource.', {
    type: 'resource',
    resource: {
      uri: 'test://embedded-resource',
      mimeType: 'text/plain',
      text: 'This is an embedded resource content.',
    },
  }),
  answering(
    'test_multiple_content_types',
    'Answers with a text, an image and a resource.',
    text('Multiple content types test:'),
    IMAGE,
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: JSON.stringify({ test: 'data', value: 123 }),
      },
    },
  ),
  {
    name: 'test_error_handling',
    description: 'Fails, always.',
    schema: NOTHING,
    call: () => failed('This tool intentionally returns an error for testing'),
  },
  {
    name: 'test_tool_with_progress',
    description: 'Tells of its progress, when the caller gives a token for that.',
    schema: NOTHING,
    call: (_, request) => ({ ...result(text('The work is done.')), notifications: progress(request) }),
  },
  {
    name: 'json_schema_2020_12_tool',
    description: 'Takes arguments that only JSON Schema 2020-12 can describe.',
    schema: everyKeyword(),
    call: (input) => `called with ${Object.keys(input).length} arguments`,
  },
  {
    name: 'test_mirrored_argument',
    description: 'Takes an argument that clients send in a header field as well.',
    schema: z.object({
      region: z.string().meta({ description: 'Where to route the call', 'x-mcp-header': 'Region' }),
    }),
    call: (input) => `routed to ${input['region']}`,
  },
];

function answering(name: string, description: string, ...content: readonly JsonObject[]): Tool {
  return { name, description, schema: NOTHING, call: (): ToolAnswer => result(...content) };
}

function result(...content: readonly JsonObject[]): ToolResult {
  return { kind: 'result', members: { content } };
}

function text(said: string): JsonObject {
  return { type: 'text', text: said };
}

/** Three notifications, or none for a caller without a token. Source: MCP 2026-07-28, Progress. */
function progress({ params }: ToolRequest): readonly JsonObject[] {
  const token = (params['_meta'] as JsonObject | undefined)?.['progressToken'];
  if (typeof token !== 'string' && typeof token !== 'number') return [];
  return [0, 50, 100].map((done) => ({
    method: 'notifications/progress',
    params: { progressToken: token, progress: done, total: 100 },
  }));
}

/** A schema with composition, conditions and an anchor, which a server has to pass on as it is. */
function everyKeyword(): z.ZodObject {
  const optional = () => z.string().optional();
  return z
    .strictObject({
      name: optional(),
      address: z.looseObject({}).optional().meta({ $ref: '#/$defs/address' }),
      contactMethod: z.enum(['phone', 'email']).optional(),
      phone: optional(),
      email: optional(),
    })
    .meta({
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
    });
}
