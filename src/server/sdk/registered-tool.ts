/** @module A tool as both versions of the official SDK register it. */
import type { Tool } from '../tools.ts';
import { timedCall } from './active-request.ts';

/** The text and, where the tool has one, the structured answer. */
interface ToolAnswer {
  [key: string]: unknown;
  readonly content: { type: 'text'; text: string }[];
  readonly structuredContent?: Record<string, unknown>;
}

/** What the SDK is told of `tool`. */
export function configOf({ title, description, schema, annotations, output }: Tool) {
  return {
    description,
    inputSchema: schema,
    ...(title !== undefined && { title }),
    ...(annotations && { annotations }),
    ...(output && { outputSchema: output.schema }),
  };
}

/** Calls `tool`. */
export async function answerOf(tool: Tool, given: Record<string, unknown>): Promise<ToolAnswer> {
  const text = await timedCall(tool, given);
  return { content: [{ type: 'text', text }], ...(tool.output && { structuredContent: tool.output.value }) };
}
