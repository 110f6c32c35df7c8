import { MCPServer } from 'mcp-framework';

const server = new MCPServer({
  name: 'mcp-framework',
  version: '1.0.0',
  // The framework looks for tools in the folder `tools`.
  basePath: `${import.meta.dirname}/mcp-framework`,
  transport: {
    type: 'http-stream',
    options: { port: Number(process.env.PORT), responseMode: process.env.RESPONSE_MODE ?? 'batch' },
  },
});
await server.start();
