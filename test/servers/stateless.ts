/** @module Servers of the stateless era. */
import { answerOf, type Handle, json, rpcError, text } from './server.ts';

/** Only the two methods that a tool server needs, of either era. */
export const onlyTools: Handle = ({ message, httpMethod }, response) => {
  if (message.method === 'tools/list' || message.method === 'tools/call')
    json(response, 200, answerOf(message));
  else if (httpMethod === 'POST') text(response, 500, 'unknown method');
  else response.writeHead(405).end();
};

/** A stateless server whose tool wants its argument in a header field as well. */
export const mirroring: Handle = ({ message, headers }, response) => {
  const schema = { type: 'object', properties: { text: { type: 'string', 'x-mcp-header': 'Text' } } };
  const { method, id, params = {} } = message;
  const result = (value: unknown) => json(response, 200, { jsonrpc: '2.0', id, result: value });
  if (method === 'server/discover') result({ supportedVersions: ['2026-07-28'] });
  else if (method === 'tools/list') result({ tools: [{ name: 'echo', inputSchema: schema }] });
  else if (headers['mcp-param-text'] === (params['arguments'] as { text: string }).text)
    result({ content: [] });
  else json(response, 400, rpcError(id, -32020, 'Mcp-Param-Text'));
};
