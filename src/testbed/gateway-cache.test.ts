import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBalancer } from '../balancer/balancer.ts';
import type { GuardInput } from '../guard/guard.ts';
import { TestAuthority } from '../guard/modes/authority.case.ts';
import { type Child, startChild } from '../process/child.ts';
import type { AuthModeName } from '../profile/auth-kinds.ts';
import { OWN_SERVERS, type OwnServerName } from '../profile/kinds.ts';
import { completeOffer } from '../profile/section/offer.ts';
import { isGiven, readMark } from '../protocol/caching/marks.ts';
import { TOOLS } from '../server/ask.case.ts';
import { type InstanceInput, type InstanceReady, MCP_PATH } from '../server/instance.ts';
import { serverModule } from '../server/programs.ts';

const CACHE = {
  honour: true,
  at: 'gateway',
  singleFlight: false,
  jitter: 0,
  staleIfErrorUs: 0,
  subscribe: false,
} as const;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Lists the tools with `token`; what came back, and whether the cache gave it. */
async function list(url: string, id: number | string, token: string | undefined) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/list',
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  const body = await response.text();
  const timing = response.headers.get('server-timing') ?? undefined;
  const { status, headers } = response;
  const message = status === 200 ? JSON.parse(/\{.*\}/.exec(body)![0]) : undefined;
  return {
    status,
    given: isGiven(timing),
    mark: readMark(timing)?.mark,
    servedBy: headers.get('x-served-by'),
    id: message?.id,
    tools: message?.result.tools.length,
  };
}

describe('a cache before real servers', () => {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await TestAuthority.start('ES256');
  });
  afterAll(() => authority.stop());

  const tokenFor = (resource: string, expiresInSeconds: number): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return authority.jwt(authority.claims({ aud: resource, iat: now - 900, exp: now + expiresInSeconds }));
  };

  /** Instances of `server` whose calls are checked as `mode` says, behind the embedded balancer with a cache. */
  async function start(
    server: OwnServerName,
    mode: AuthModeName,
    cacheScope: 'public' | 'private',
    ids: readonly string[] = ['1'],
  ) {
    const guardOf = (instance: string): GuardInput | undefined =>
      mode === 'none'
        ? undefined
        : {
            instance,
            isGateway: instance === 'balancer',
            authentication: authority.input(mode),
            policy: { kind: 'none' },
          };
    const children: Child<InstanceReady>[] = [];
    const tools = { ...TOOLS, ttlMs: 600_000, cacheScope };
    for (const [index, id] of ids.entries()) {
      const input: InstanceInput = {
        id,
        index,
        seed: 1,
        tools,
        offer: completeOffer(tools),
        guard: guardOf(id),
      };
      const module = serverModule({ server, era: 'stateless' });
      const child = await startChild<InstanceReady>({ name: id, module, input, readyWithinUs: 30e6 });
      cleanUps.push(() => child.stop());
      children.push(child);
    }
    const balancer = await startBalancer({
      settings: { engine: 'embedded', policy: 'round-robin' },
      upstreams: children.map(({ ready }, index) => ({
        id: `${index + 1}`,
        url: `http://127.0.0.1:${ready.port}${MCP_PATH}`,
      })),
      seed: 1,
      guard: mode === 'gateway' ? guardOf('balancer') : undefined,
      cache: CACHE,
    });
    cleanUps.push(() => balancer.stop());
    if (mode !== 'none')
      for (const child of children) await child.ask({ kind: 'resource', url: balancer.url });
    const requests = async () =>
      (await balancer.stats())!.upstreams.reduce((sum, each) => sum + each.requests, 0);
    return { url: balancer.url, requests };
  }

  it.each(OWN_SERVERS)('gives the list of %s again, under the id of whoever asks', async (server) => {
    const { url, requests } = await start(server, 'none', 'public', ['1', '2']);
    const first = await list(url, 'a', undefined);
    expect(first).toMatchObject({ status: 200, mark: 'miss', given: false, servedBy: '1', id: 'a' });
    for (const id of [1, 'b', 'c'])
      expect(await list(url, id, undefined)).toEqual({
        ...first,
        mark: 'hit',
        given: true,
        servedBy: null,
        id,
      });
    expect(await requests()).toBe(1);
  });

  it.each(OWN_SERVERS)('checks no token of a hit when only the instances of %s check', async (server) => {
    const { url, requests } = await start(server, 'jwt', 'public');
    const [good, expired] = [await tokenFor(url, 600), await tokenFor(url, -60)];
    for (const token of [undefined, expired]) expect((await list(url, 1, token)).status).toBe(401);
    expect(await list(url, 2, good)).toMatchObject({ status: 200, mark: 'miss' });
    // The same tokens that were refused before the list was kept.
    for (const token of [undefined, expired, 'nonsense'])
      expect(await list(url, 3, token)).toMatchObject({ status: 200, mark: 'hit' });
    expect(await requests()).toBe(3);
  });

  it('gives no private list to a token that was not checked', async () => {
    const { url } = await start('lean', 'jwt', 'private');
    const [good, other, expired] = [
      await tokenFor(url, 600),
      await tokenFor(url, 600),
      await tokenFor(url, -60),
    ];
    expect(await list(url, 1, good)).toMatchObject({ status: 200, mark: 'miss' });
    expect(await list(url, 2, good)).toMatchObject({ status: 200, mark: 'hit' });
    expect(await list(url, 3, other)).toMatchObject({ status: 200, mark: 'miss' });
    for (const token of [undefined, expired]) expect((await list(url, 4, token)).status).toBe(401);
  });

  it('checks the token of every hit when it is a gateway', async () => {
    const { url, requests } = await start('lean', 'gateway', 'public');
    const [good, other, expired] = [
      await tokenFor(url, 600),
      await tokenFor(url, 600),
      await tokenFor(url, -60),
    ];
    expect(await list(url, 1, good)).toMatchObject({ status: 200, mark: 'miss' });
    expect(await list(url, 2, other)).toMatchObject({ status: 200, mark: 'hit' });
    for (const token of [undefined, expired, 'nonsense'])
      expect(await list(url, 3, token)).toMatchObject({ status: 401, mark: undefined });
    expect(await requests()).toBe(1);
  });
});
