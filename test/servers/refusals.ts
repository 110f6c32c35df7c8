/** @module Servers that cannot be loaded as the profile is, and what the error has to say. */
import type { Refusal } from './row.ts';
import { good, json, oldServer, text } from './server.ts';
import { mirroring, onlyTools } from './stateless.ts';

export const REFUSALS: readonly Refusal[] = [
  {
    name: 'that does not answer server/discover',
    serve: () => (received, response) => {
      if (received.message.method !== 'server/discover') oldServer(good)(received, response);
    },
    profile: ['load.timeout: 200ms'],
    message: /no answer to server\/discover .*set target\.era: sessions/,
  },
  {
    name: 'that fails on server/discover',
    serve: () => (received, response) => {
      if (received.message.method === 'server/discover') text(response, 500, 'Internal Server Error');
      else oldServer(good)(received, response);
    },
    message: /server\/discover with an error \(500 Internal Server Error\) .*set target\.era: sessions/,
  },
  {
    name: 'that wants another version',
    serve: () =>
      oldServer(({ message }, response) => {
        const error = {
          code: -32602,
          message: 'Unsupported protocol version',
          data: { supported: ['2025-06-18'] },
        };
        json(response, 200, { jsonrpc: '2.0', id: message.id, error });
      }),
    message: /refuses MCP 2025-11-25 \(-32602 Unsupported protocol version\); it offers 2025-06-18/,
  },
  {
    name: 'that checks the Host',
    serve: () => oldServer((_, response) => text(response, 421, 'Invalid Host header')),
    message: /checks the Host and Origin headers/,
  },
  {
    name: 'that has nothing but tools/list and tools/call, without its era',
    serve: () =>
      oldServer((received, response) => {
        if (received.message.method === 'initialize') text(response, 400, 'unknown method');
        else onlyTools(received, response);
      }),
    message: /does not speak MCP \(initialize: 400 Bad Request: unknown method\).*set target\.era: stateless/,
  },
  {
    name: 'whose tool clients must not call',
    serve: () => (received, response) => {
      const { id, method } = received.message;
      const inputSchema = {
        type: 'object',
        properties: { text: { type: 'number', 'x-mcp-header': 'Text' } },
      };
      if (method !== 'tools/list') mirroring(received, response);
      else json(response, 200, { jsonrpc: '2.0', id, result: { tools: [{ name: 'echo', inputSchema }] } });
    },
    message: /calls\.0\.tool: clients must not call echo.*x-mcp-header on text/,
  },
];
