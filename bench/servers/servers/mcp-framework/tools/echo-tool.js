import { createRequire } from 'node:module';
import { MCPTool } from 'mcp-framework';

// The framework accepts only schemas of the copy of zod that it imports itself.
const zod = createRequire(import.meta.resolve('mcp-framework')).resolve('zod');
const { z } = await import(zod.replace(/\.cjs$/, '.js'));

export default class EchoTool extends MCPTool {
  name = 'echo';
  description = 'Returns its text';
  schema = z.object({ text: z.string().describe('What to return') });

  async execute({ text }) {
    return text;
  }
}
