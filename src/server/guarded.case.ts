/** @module What every demonstration server must do when its calls are checked, over real sockets; one suite, every server. */
import { connect } from 'node:net';
import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { expect, it } from 'vitest';
import { type Answered, TOOLS } from './ask.case.ts';
import {
  expired,
  type Fields,
  type GuardedBed,
  metadataUrlOf,
  post,
  refusal,
  useAudited,
} from './guarded-bed.case.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The suite, for a check in the mode `jwt` by scopes. */
export function guardedCases(bed: GuardedBed): void {
  const instance = useAudited(bed);
  const echo = { name: 'echo', arguments: { text: 'a' } };
  const metadataUrl = (): string => metadataUrlOf(instance.url);

  it('answers a call that is allowed, and names the stages of the check', async () => {
    const { status, headers, message } = await bed.ask(
      instance.url,
      'tools/call',
      echo,
      await bed.bearer(instance.url, 'tool:echo'),
    );
    expect([status, message.result.content[0].text]).toEqual([200, 'a']);
    expect(headers.get('server-timing')).toMatch(
      /\bauth;dur=\d+\.\d{3}, policy;dur=\d+\.\d{3}, tool;dur=\d+\.\d{3}, total;dur=\d+\.\d{3}$/,
    );
  });

  it('asks a caller without a token for one, and says where its metadata is', async () => {
    expect(refusal(await bed.ask(instance.url, 'tools/call', echo, {}))).toEqual({
      status: 401,
      challenge: `Bearer resource_metadata="${metadataUrl()}", scope="tool:echo"`,
      error: 'invalid_token',
    });
    expect(refusal(await bed.ask(instance.url, 'tools/list', {}, {}))).toMatchObject({
      challenge: `Bearer resource_metadata="${metadataUrl()}"`,
    });
  });

  it.each<[string, () => Promise<Fields> | Fields, string]>([
    ['has expired', () => bed.bearer(instance.url, 'tool:*', expired()), 'The access token has expired'],
    [
      'is for another resource',
      () => bed.bearer(instance.url, 'tool:*', { aud: 'http://other/mcp' }),
      'The access token is for another resource',
    ],
    [
      'is of another issuer',
      () => bed.bearer(instance.url, 'tool:*', { iss: 'http://other' }),
      'The access token is of another issuer',
    ],
    [
      'is none',
      () => ({ authorization: 'Bearer none.such.token' }),
      'Authorization does not hold one access token of the expected scheme',
    ],
    [
      'is of another scheme',
      () => ({ authorization: 'Basic YTpi' }),
      'Authorization does not hold one access token of the expected scheme',
    ],
    [
      'is sent twice',
      async () => {
        const { authorization } = await bed.bearer(instance.url, 'tool:*');
        return { authorization: [authorization, authorization] };
      },
      'Authorization does not hold one access token of the expected scheme',
    ],
  ])('refuses a token that %s, and runs no tool', async (_, headers, description) => {
    const answer = await bed.ask(instance.url, 'tools/call', echo, await headers());
    expect(refusal(answer)).toEqual({
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="${description}", scope="tool:echo", resource_metadata="${metadataUrl()}"`,
      error: 'invalid_token',
    });
    expect(answer.headers.get('server-timing')).toMatch(/\bauth;dur=/);
    expect(answer.headers.get('server-timing')).not.toMatch(/\btool;dur=/);
    expect((await instance.records()).at(-1)).toMatchObject({ tool: 'echo', decision: 'deny', actor: null });
  });

  it('names all that an operation requires in one challenge', async () => {
    const report = { name: 'report', arguments: { format_id: 'a b' } };
    const answer = await bed.ask(
      instance.url,
      'tools/call',
      report,
      await bed.bearer(instance.url, 'tool:report'),
    );
    expect(refusal(answer)).toEqual({
      status: 403,
      challenge: `Bearer error="insufficient_scope", scope="tool:report report:a%20b:read", resource_metadata="${metadataUrl()}", error_description="The access token lacks a scope that the operation requires"`,
      error: 'insufficient_scope',
    });
    expect(answer.headers.get('server-timing')).toMatch(/\bauth;dur=.*\bpolicy;dur=/);
    const allowed = await bed.ask(
      instance.url,
      'tools/call',
      report,
      await bed.bearer(instance.url, 'tool:report report:*'),
    );
    expect(allowed.status).toBe(200);
  });

  it('serves its metadata at both places without a token', async () => {
    for (const url of [metadataUrl(), metadataUrl().replace(/\/mcp$/, '')]) {
      const response = await fetch(url);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(await response.json()).toEqual({
        resource: instance.url,
        authorization_servers: [bed.authority.issuer],
        scopes_supported: ['tool:*', 'report:*:read'],
        bearer_methods_supported: ['header'],
      });
    }
    expect((await fetch(`${metadataUrl()}/more`)).status).toBe(404);
  });

  it('is understood by the official client: its challenges and its metadata', async () => {
    const { url } = instance;
    const read = ({ status, headers }: Answered) =>
      extractWWWAuthenticateParams(new Response(null, { status, headers }));
    const resourceMetadataUrl = new URL(metadataUrl());
    const scope = 'tool:echo';
    const none = read(await bed.ask(url, 'tools/call', echo, {}));
    expect(none).toEqual({ resourceMetadataUrl, scope });
    const wrong = read(await bed.ask(url, 'tools/call', echo, await bed.bearer(url, scope, expired())));
    expect(wrong).toEqual({ resourceMetadataUrl, scope, error: 'invalid_token' });
    const narrow = read(await bed.ask(url, 'tools/call', echo, await bed.bearer(url, 'tool:work')));
    expect(narrow).toEqual({ resourceMetadataUrl, scope, error: 'insufficient_scope' });
    for (const options of [{ resourceMetadataUrl }, {}]) {
      const metadata = await discoverOAuthProtectedResourceMetadata(url, options);
      expect(metadata.authorization_servers).toEqual([bed.authority.issuer]);
    }
  });

  it('lists the tools that the caller may call, for this caller only', async () => {
    const list = async (scope: string): Promise<readonly string[]> => {
      const { message } = await bed.ask(
        instance.url,
        'tools/list',
        {},
        {
          ...(await bed.session(instance.url, scope)),
          ...(await bed.bearer(instance.url, scope)),
        },
      );
      if (!bed.inSessions) expect(message.result.cacheScope).toBe('private');
      return message.result.tools.map((tool: { name: string }) => tool.name);
    };
    expect(await list('tool:*')).toHaveLength(TOOLS.catalogue - 1);
    expect(await list('tool:e* tool:issues_search')).toEqual(['echo', 'issues_search']);
    expect(await list('tool:* report:pdf:read')).toContain('report');
    expect(await list('other')).toEqual([]);
  });

  it('checks where it serves, and nothing else', async () => {
    expect((await fetch(`${instance.url}x`, { method: 'POST' })).status).toBe(404);
    const foreign = { origin: 'https://evil.example' };
    expect((await fetch(instance.url, { method: 'POST', headers: foreign })).status).toBe(403);
  });

  it('executes no batch, whose calls would not be checked one by one', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'report', arguments: {} } },
    ];
    const fields = { ...(await bed.session(instance.url)), ...(await bed.bearer(instance.url, 'tool:echo')) };
    const { status, message } = await post(instance.url, batch, fields);
    expect([status, message.error.code]).toEqual([400, -32600]);
  });

  it('survives clients that leave in the middle, and records nothing of them', async () => {
    const before = (await instance.records()).length;
    const half =
      'POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"json';
    await Promise.all(
      Array.from({ length: 5 }, () => {
        const socket = connect(Number(new URL(instance.url).port), '127.0.0.1');
        return new Promise<void>((resolve) => {
          socket.on('close', () => resolve());
          socket.write(half, () => socket.resetAndDestroy());
        });
      }),
    );
    expect(
      (await bed.ask(instance.url, 'tools/list', {}, await bed.bearer(instance.url, 'tool:*'))).status,
    ).toBe(200);
    expect((await instance.records()).length - before).toBe(bed.inSessions ? 2 : 1);
  });

  it('appends one record for each request, without the token', async () => {
    const before = (await instance.records()).length;
    const headers = await bed.bearer(instance.url, 'tool:echo');
    await bed.ask(
      instance.url,
      'tools/call',
      { ...echo, arguments: { text: 'a', basket_id: 'b7', otherId: 'c' }, _meta: { traceparent: TRACE } },
      headers,
    );
    await bed.ask(
      instance.url,
      'tools/call',
      { name: 'work', arguments: {} },
      { ...headers, traceparent: TRACE },
    );
    const [allowed, denied] = (await instance.records())
      .slice(before)
      .filter(({ method }) => method !== 'initialize');
    const tokenHash = expect.stringMatching(/^[0-9a-f]{16}$/);
    const common = {
      instance: '1',
      traceparent: TRACE,
      actor: 'agent',
      client: 'agent',
      tokenHash,
      method: 'tools/call',
    };
    expect(allowed).toMatchObject({
      ...common,
      tool: 'echo',
      handle: 'b7',
      required: ['tool:echo'],
      decision: 'allow',
      reason: null,
    });
    expect(denied).toMatchObject({
      ...common,
      tool: 'work',
      handle: null,
      required: ['tool:work'],
      decision: 'deny',
      reason: 'scope-missing',
    });
    expect((await instance.records()).length - before).toBe(bed.inSessions ? 4 : 2);
    expect(instance.log()).not.toContain(headers.authorization.slice(7));
  });
}
