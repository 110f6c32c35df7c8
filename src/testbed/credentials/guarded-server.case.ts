/** @module An MCP server for tests that takes only certain tokens, with its authorization server. */
import { type Answers, changed, startServer, type TestServer } from '../../credentials/server.case.ts';

/** Answers every message of the stateless era when its token is one of `tokens`, and refuses it otherwise. */
export function guardedServer(tokens: readonly string[], more: Answers = {}): Promise<TestServer> {
  return startServer({
    ...changed({
      '/mcp': ({ headers, body }, origin) => {
        if (!tokens.some((token) => headers.authorization === `Bearer ${token}`)) {
          const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
          return { status: 401, headers: { 'www-authenticate': `Bearer resource_metadata="${metadata}"` } };
        }
        const { id } = JSON.parse(body) as { readonly id: unknown };
        const result = { resultType: 'complete', tools: [], ttlMs: 0, cacheScope: 'private' };
        return { body: { jsonrpc: '2.0', id, result } };
      },
    }),
    ...more,
  });
}
