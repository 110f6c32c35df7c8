/** @module The tools by which the official conformance suite tests a stateless server: they can be called, and are not listed. */
import {
  inputRequired,
  type McpRequestContext,
  type McpServer,
  type ServerNotifier,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

const NAMES: ReadonlySet<string> = new Set([
  'test_missing_capability',
  'test_streaming_elicitation',
  'test_logging_tool',
  'test_trigger_tool_change',
  'test_trigger_prompt_change',
]);

/** Whether the request calls one of them (every call repeats the tool's name in `Mcp-Name`). */
export function asksForDiagnostics(context: McpRequestContext): boolean {
  return NAMES.has(context.requestInfo?.headers.get('mcp-name') ?? '');
}

/** Registers them: a tool that needs sampling, one that asks the user back, one that logs, and two that tell the holders of streams of a change. */
export function registerDiagnostics(server: McpServer, notify: ServerNotifier): void {
  server.registerTool('test_missing_capability', { description: 'Needs sampling.' }, () =>
    inputRequired({
      inputRequests: {
        answer: inputRequired.createMessage({
          messages: [{ role: 'user', content: { type: 'text', text: 'Which year is it?' } }],
          maxTokens: 10,
        }),
      },
    }),
  );
  server.registerTool('test_streaming_elicitation', { description: 'Asks the user back.' }, () =>
    inputRequired({
      inputRequests: {
        confirmed: inputRequired.elicit({
          message: 'Go on?',
          requestedSchema: z.object({ confirmed: z.boolean() }),
        }),
      },
    }),
  );
  server.registerTool('test_logging_tool', { description: 'Logs.' }, async (context) => {
    await context.mcpReq.log('info', 'a line of log, sent only to who asked for it');
    return { content: [{ type: 'text', text: 'logged' }] };
  });
  const tells = { tool: () => notify.toolsChanged(), prompt: () => notify.promptsChanged() };
  for (const [list, tell] of Object.entries(tells)) {
    server.registerTool(`test_trigger_${list}_change`, { description: 'Tells of a change.' }, () => {
      tell();
      return { content: [{ type: 'text', text: 'told' }] };
    });
  }
}
