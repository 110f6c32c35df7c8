import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GOOD } from '../driver/certificates.case.ts';
import { partsOf } from './parts.ts';
import { settingsOf } from './profile-testbed.case.ts';
import { startTestbed } from './testbed.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Answers each JSON-RPC request as a server of the stateless era with no tools; the version of HTTP is in a field. */
async function answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { id } = JSON.parse(`${Buffer.concat(chunks)}`) as { readonly id: number };
  const result = { resultType: 'complete', tools: [], ttlMs: 0, cacheScope: 'public' };
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-version', request.httpVersion);
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

describe('replicas that speak HTTP/2', () => {
  it.each([
    ['http', '2', createServer(answer)],
    ['https', 'auto', createSecureServer(GOOD, answer)],
  ] as const)('over %s are probed and reached with balancer.http %s', async (scheme, http, server) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => void server.close());
    const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const settings = settingsOf(
      `target: { instances: ["${url}"], era: stateless }`,
      `balancer: { http: ${http} }`,
    );
    const testbed = await startTestbed(partsOf(settings, 1, { tls: { insecure: true } }), {});
    ends.push(() => testbed.stop());
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    const { headers } = await fetch(testbed.endpoint.url, { method: 'POST', body });
    expect(headers.get('x-version')).toBe('2.0');
  });
});
