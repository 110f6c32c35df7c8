/** @module A tool as both versions of the official SDK register it. */
import type { JsonObject } from '../../protocol/json-object.ts';
import type { ToolRefusal } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import { timedCall } from './active-request.ts';
import { type HandlerContext, wholeParams } from './tool-params.ts';

/** Throws the SDK's error for a JSON-RPC error. */
export type Refuse = (refusal: ToolRefusal) => never;

/** What the SDKs take as a result: its text, or whatever else the tool answers. */
interface SdkResult {
  [key: string]: unknown;
  readonly content: { type: 'text'; text: string }[];
  readonly structuredContent?: Record<string, unknown>;
}

/** What the SDK is told of `tool`. */
export function configOf({ title, description, schema, annotations, output, meta }: Tool) {
  return {
    description,
    inputSchema: schema,
    ...(title !== undefined && { title }),
    ...(annotations && { annotations }),
    ...(meta && { _meta: meta }),
    ...(output && { outputSchema: output.schema }),
  };
}

/** Calls `tool`; `context` is what the SDK passes beside the arguments. */
export async function answerOf(
  tool: Tool,
  given: JsonObject,
  context: HandlerContext,
  refuse: Refuse,
): Promise<SdkResult> {
  const said = await timedCall(tool, given, wholeParams({ name: tool.name, arguments: given }, context));
  if (typeof said === 'string') {
    const content = [{ type: 'text' as const, text: said }];
    return { content, ...(tool.output && { structuredContent: tool.output.value }) };
  }
  if (said.kind === 'refused') return refuse(said);
  for (const notification of said.notifications ?? []) await notify(context, notification);
  // The members are the tool's own; the SDK passes them on.
  return said.members as unknown as SdkResult;
}

/** Sends a notification on the stream of the request. */
async function notify({ mcpReq, sendNotification }: HandlerContext, notification: JsonObject): Promise<void> {
  if (mcpReq === undefined) await sendNotification?.(notification);
  else await mcpReq.notify(notification);
}
