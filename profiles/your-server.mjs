// An example server for your-server.yaml: a minimal MCP server over HTTP for both eras, without dependencies.
// With ERA=sessions it is a server of 2025-11-25 that keeps its sessions in memory.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const sessions = new Set();
const about = { capabilities: { tools: {} }, serverInfo: { name: 'your-server', version: '1.0.0' } };
const echo = {
  name: 'echo',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};

const stateless = {
  'server/discover': () => ({ supportedVersions: ['2026-07-28'], ...about, ttlMs: 0, cacheScope: 'public' }),
  'tools/list': () => ({ tools: [echo], ttlMs: 0, cacheScope: 'public' }),
  'tools/call': ({ arguments: { text } }) => ({ content: [{ type: 'text', text }] }),
};

const withSessions = {
  initialize: () => ({ protocolVersion: '2025-11-25', ...about }),
  'tools/list': () => ({ tools: [echo] }),
  'tools/call': stateless['tools/call'],
};

const methods = process.env.ERA === 'sessions' ? withSessions : stateless;

/** The status and body of the answer to `message`. Sets headers on `response`. */
function answer(request, response, message) {
  const error = (status, code, text) => [status, { error: { code, message: text } }];
  const id = request.headers['mcp-session-id'];
  if (methods === withSessions && message.method !== 'initialize' && !sessions.has(id)) {
    return error(404, -32001, 'Session not found');
  }
  if (methods[message.method] === undefined) return error(404, -32601, 'Method not found');
  if (message.method === 'initialize') {
    const created = randomUUID();
    sessions.add(created);
    response.setHeader('mcp-session-id', created);
  }
  return [200, { result: { resultType: 'complete', ...methods[message.method](message.params ?? {}) } }];
}

createServer(async (request, response) => {
  if (request.method === 'DELETE') {
    sessions.delete(request.headers['mcp-session-id']);
    return response.writeHead(204).end();
  }
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST, DELETE' }).end();
  let body = '';
  for await (const chunk of request) body += chunk;
  const message = JSON.parse(body);
  if (message.id === undefined) return response.writeHead(202).end();
  const [status, rest] = answer(request, response, message);
  if (process.env.NAME !== undefined) response.setHeader('x-pod', process.env.NAME);
  const text = JSON.stringify({ jsonrpc: '2.0', id: message.id, ...rest });
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}).listen(Number(process.env.PORT), '127.0.0.1', () =>
  process.stdout.write(`listening on ${process.env.PORT}\n`),
);
