// A small MCP server of the stateless era (2026-07-28) with one tool, `echo`. It listens on PORT.
import { createServer } from 'node:http';

const TOOLS = [{ name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }];

const RESULTS = {
  'server/discover': () => ({
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    serverInfo: { name: 'example', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: TOOLS, ttlMs: 60_000, cacheScope: 'public' }),
  'tools/call': ({ arguments: { text = '' } = {} }) => ({ content: [{ type: 'text', text: String(text) }] }),
};

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  const result = RESULTS[method]?.(params ?? {});
  const answer =
    result === undefined
      ? { error: { code: -32601, message: 'Method not found' } }
      : { result: { resultType: 'complete', ...result } };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
}).listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1');
