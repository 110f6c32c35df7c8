/** @module What every demonstration server must do when its calls are checked, over real sockets; one suite, every server. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardInput } from '../guard/guard.ts';
import { TestAuthority } from '../guard/modes/authority.case.ts';
import type { AuditRecord } from '../protocol/authorization/audit-record.ts';
import { scratch } from '../units/scratch.case.ts';
import { type Answered, read, TOOLS, useInstance } from './ask.case.ts';
import type { OwnServer } from './programs.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Sends one message; `headers` replace those of the era. */
type Send = (url: string, message: object, headers: Headers) => Promise<Answered>;

const BOTH = 'application/json, text/event-stream';

/** Posts over `node:http`, which repeats a header that has a list of values. */
const post: Send = (url, message, headers) =>
  new Promise((resolve, reject) => {
    const all = { accept: BOTH, 'content-type': 'application/json', ...headers };
    const sent = request(
      url,
      { method: 'POST', headers: all as Record<string, string | string[]> },
      (got) => {
        const fields = new Headers(Object.entries(got.headers).map(([name, value]) => [name, String(value)]));
        const chunks: Buffer[] = [];
        got.on('data', (chunk: Buffer) => chunks.push(chunk));
        got.on('end', () => {
          const empty = got.statusCode === 202;
          const body = empty ? null : Buffer.concat(chunks);
          resolve(read(new Response(body, { status: got.statusCode!, headers: fields })));
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(message));
  });

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** Runs an authorization server during the suite. */
function useAuthority(): () => TestAuthority {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await TestAuthority.start('ES256');
  });
  afterAll(() => authority.stop());
  return () => authority;
}

/** A good access token for `resource`; `changes` replace claims. */
function tokenOf(authority: TestAuthority, resource: string, scope: string, changes: object = {}) {
  const now = Math.floor(Date.now() / 1000);
  const own = { client_id: 'agent', sub: 'agent', aud: resource, scope, iat: now, exp: now + 600 };
  return authority.jwt(authority.claims({ ...own, ...changes }));
}

/** The id of a session that is opened with `token`. */
async function openSession(url: string, token: string): Promise<string> {
  const { headers } = await post(url, INITIALIZE, { authorization: `Bearer ${token}` });
  return headers.get('mcp-session-id')!;
}

/** Reads what a refusal says. */
const refusal = ({ status, headers, message }: Answered): unknown => ({
  status,
  challenge: headers.get('www-authenticate'),
  error: message.error,
});

/** The suite. */
export function guardedCases(settings: OwnServer): void {
  const authority = useAuthority();
  const auditFile = join(scratch(), 'audit.jsonl');
  const inSessions = settings.era === 'sessions';

  const guardOf =
    (changes: (authority: TestAuthority) => Partial<GuardInput> = () => ({})) =>
    (): GuardInput => ({
      instance: '1',
      isGateway: false,
      authentication: authority().input('jwt'),
      policy: { kind: 'scopes', requires: { report: ['tool:{name}', 'report:{format_id}:read'] } },
      ...changes(authority()),
    });
  const instance = useInstance(
    settings,
    TOOLS,
    guardOf(() => ({ auditFile })),
  );

  const records = async (): Promise<readonly AuditRecord[]> => {
    await instance.ask({ kind: 'flush' });
    const lines = readFileSync(auditFile, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  };

  /** Makes a request of the era; in sessions, in one that was opened with a token of scope `opener`. */
  const ask = async (
    method: string,
    params: Record<string, unknown>,
    headers: Headers,
    url = instance.url,
    opener = 'tool:*',
  ): Promise<Answered> => {
    const message = { jsonrpc: '2.0', id: 1, method, params };
    if (inSessions) {
      const session = await openSession(url, await tokenOf(authority(), url, opener));
      return post(url, message, { 'mcp-session-id': session, ...headers });
    }
    const name = typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {};
    const own = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...name };
    const { _meta } = params;
    const meta = { ...META, ...(_meta as object | undefined) };
    return post(url, { ...message, params: { ...params, _meta: meta } }, { ...own, ...headers });
  };
  const bearer = async (scope: string, changes = {}, url = instance.url): Promise<Headers> => ({
    authorization: `Bearer ${await tokenOf(authority(), url, scope, changes)}`,
  });
  const echo = { name: 'echo', arguments: { text: 'a' } };
  const metadataUrl = (): string => instance.url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');

  it('answers a call that is allowed, and names the stages of the check', async () => {
    const { status, headers, message } = await ask('tools/call', echo, await bearer('tool:echo'));
    expect([status, message.result.content[0].text]).toEqual([200, 'a']);
    expect(headers.get('server-timing')).toMatch(
      /\bauth;dur=\d+\.\d{3}, policy;dur=\d+\.\d{3}, tool;dur=\d+\.\d{3}, total;dur=\d+\.\d{3}$/,
    );
  });

  it('asks a caller without a token for one, and says where its metadata is', async () => {
    expect(refusal(await ask('tools/call', echo, {}))).toEqual({
      status: 401,
      challenge: `Bearer resource_metadata="${metadataUrl()}", scope="tool:echo"`,
      error: 'invalid_token',
    });
    expect(refusal(await ask('tools/list', {}, {}))).toMatchObject({
      challenge: `Bearer resource_metadata="${metadataUrl()}"`,
    });
  });

  const past = (): object => ({ exp: Math.floor(Date.now() / 1000) - 60 });
  it.each<[string, () => Promise<Headers> | Headers, string]>([
    ['has expired', () => bearer('tool:*', past()), 'The access token has expired'],
    [
      'is for another resource',
      () => bearer('tool:*', { aud: 'http://other/mcp' }),
      'The access token is for another resource',
    ],
    [
      'is of another issuer',
      () => bearer('tool:*', { iss: 'http://other' }),
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
        const { authorization } = await bearer('tool:*');
        return { authorization: [String(authorization), String(authorization)] };
      },
      'Authorization does not hold one access token of the expected scheme',
    ],
  ])('refuses a token that %s, and runs no tool', async (_, headers, description) => {
    const answer = await ask('tools/call', echo, await headers());
    expect(refusal(answer)).toEqual({
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="${description}", scope="tool:echo", resource_metadata="${metadataUrl()}"`,
      error: 'invalid_token',
    });
    expect(answer.headers.get('server-timing')).toMatch(/\bauth;dur=/);
    expect(answer.headers.get('server-timing')).not.toMatch(/\btool;dur=/);
    expect((await records()).at(-1)).toMatchObject({ tool: 'echo', decision: 'deny', actor: null });
  });

  it('names all that an operation requires in one challenge', async () => {
    const report = { name: 'report', arguments: { format_id: 'a b' } };
    const answer = await ask('tools/call', report, await bearer('tool:report'));
    expect(refusal(answer)).toEqual({
      status: 403,
      challenge: `Bearer error="insufficient_scope", scope="tool:report report:a%20b:read", resource_metadata="${metadataUrl()}", error_description="The access token lacks a scope that the operation requires"`,
      error: 'insufficient_scope',
    });
    expect(answer.headers.get('server-timing')).toMatch(/\bauth;dur=.*\bpolicy;dur=/);
    const allowed = await ask('tools/call', report, await bearer('tool:report report:*'));
    expect(allowed.status).toBe(200);
  });

  it('serves its metadata at both places without a token', async () => {
    for (const url of [metadataUrl(), metadataUrl().replace(/\/mcp$/, '')]) {
      const response = await fetch(url);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(await response.json()).toEqual({
        resource: instance.url,
        authorization_servers: [authority().issuer],
        scopes_supported: ['tool:*', 'report:*:read'],
        bearer_methods_supported: ['header'],
      });
    }
    expect((await fetch(`${metadataUrl()}/more`)).status).toBe(404);
  });

  it('lists the tools that the caller may call, for this caller only', async () => {
    const list = async (scope: string): Promise<readonly string[]> => {
      const { message } = await ask('tools/list', {}, await bearer(scope), instance.url, scope);
      if (!inSessions) expect(message.result.cacheScope).toBe('private');
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
    const headers = await bearer('tool:echo');
    const session = inSessions
      ? {
          'mcp-session-id': await openSession(
            instance.url,
            await tokenOf(authority(), instance.url, 'tool:*'),
          ),
        }
      : {};
    const { status, message } = await post(instance.url, batch, { ...headers, ...session });
    expect([status, message.error.code]).toEqual([400, -32600]);
  });

  it('survives clients that leave in the middle, and records nothing of them', async () => {
    const before = (await records()).length;
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
    expect((await ask('tools/list', {}, await bearer('tool:*'))).status).toBe(200);
    expect((await records()).length - before).toBe(inSessions ? 2 : 1);
  });

  it('appends one record for each request, without the token', async () => {
    const before = (await records()).length;
    const headers = await bearer('tool:echo');
    await ask(
      'tools/call',
      { ...echo, arguments: { text: 'a', basket_id: 'b7', otherId: 'c' }, _meta: { traceparent: TRACE } },
      headers,
    );
    await ask('tools/call', { name: 'work', arguments: {} }, { ...headers, traceparent: TRACE });
    const [allowed, denied] = (await records()).slice(before).filter(({ method }) => method !== 'initialize');
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
    expect((await records()).length - before).toBe(inSessions ? 4 : 2);
    expect(readFileSync(auditFile, 'utf8')).not.toContain(String(headers['authorization']).slice(7));
  });

  describe('whose check is skipped', () => {
    const skipping = useInstance(
      settings,
      TOOLS,
      guardOf((own) => ({
        authentication: { ...own.input('jwt'), plant: { busyUs: 0, skip: true } },
      })),
    );

    it('lets every call through', async () => {
      const { status } = await ask(
        'tools/call',
        echo,
        await bearer('other', past(), skipping.url),
        skipping.url,
      );
      expect(status).toBe(200);
      expect((await ask('tools/call', echo, {}, skipping.url)).status).toBe(200);
    });
  });

  describe('whose check keeps the processor busy', () => {
    const busy = useInstance(
      settings,
      TOOLS,
      guardOf((own) => ({
        authentication: { ...own.input('jwt'), plant: { busyUs: 20_000, skip: false } },
      })),
    );

    it('takes that time in the stage of the authentication', async () => {
      const { headers } = await ask('tools/call', echo, await bearer('tool:*', {}, busy.url), busy.url);
      const [, ms] = /\bauth;dur=([\d.]+)/.exec(headers.get('server-timing')!)!;
      expect(Number(ms)).toBeGreaterThanOrEqual(20);
    });
  });

  describe('without its authorization server', () => {
    const alone = useInstance(
      settings,
      TOOLS,
      guardOf((own) => ({
        authentication: { ...own.input('jwt'), jwksUrl: 'http://127.0.0.1:1/jwks' },
      })),
    );

    it('says so, and sends no challenge', async () => {
      const answer = inSessions
        ? await post(alone.url, INITIALIZE, await bearer('tool:*', {}, alone.url))
        : await ask('tools/call', echo, await bearer('tool:*', {}, alone.url), alone.url);
      expect(refusal(answer)).toEqual({ status: 503, challenge: null, error: 'temporarily_unavailable' });
    });
  });

  describe('that needs proofs of possession', () => {
    const dpop = useInstance(
      settings,
      TOOLS,
      guardOf((own) => ({ authentication: own.input('dpop'), policy: { kind: 'none' } })),
    );

    it('names the scheme and its algorithms', async () => {
      const metadata = dpop.url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
      const token = await tokenOf(authority(), dpop.url, 'tool:*', { cnf: { jkt: 'x' } });
      const message = inSessions
        ? INITIALIZE
        : { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } };
      expect(refusal(await post(dpop.url, message, {}))).toMatchObject({
        status: 401,
        challenge: `DPoP resource_metadata="${metadata}", algs="ES256 EdDSA"`,
      });
      expect(refusal(await post(dpop.url, message, { authorization: `DPoP ${token}` }))).toEqual({
        status: 401,
        challenge: `DPoP error="invalid_dpop_proof", error_description="The proof of possession does not match the request and its access token", resource_metadata="${metadata}", algs="ES256 EdDSA"`,
        error: 'invalid_dpop_proof',
      });
      expect(await (await fetch(metadata)).json()).toMatchObject({
        dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
      });
    });
  });

  if (inSessions) guardedSessionCases(settings, authority, guardOf);
}

/** What a server with sessions must do besides. */
function guardedSessionCases(
  settings: OwnServer,
  authority: () => TestAuthority,
  guardOf: (changes: (authority: TestAuthority) => Partial<GuardInput>) => () => GuardInput,
): void {
  const checked = useInstance(
    settings,
    TOOLS,
    guardOf(() => ({})),
  );
  const trusting = useInstance(
    settings,
    TOOLS,
    guardOf((own) => ({ authentication: own.input('session') })),
  );
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'echo', arguments: { text: 'a' } },
  };

  it('opens no session for a caller without a good token', async () => {
    for (const { url } of [checked, trusting]) {
      const answer = await post(url, INITIALIZE, {});
      expect([answer.status, answer.headers.get('mcp-session-id')]).toEqual([401, null]);
    }
  });

  it('checks streams and the end of a session too, and tells no stranger which sessions there are', async () => {
    const session = await openSession(checked.url, await tokenOf(authority(), checked.url, 'tool:*'));
    for (const method of ['GET', 'DELETE']) {
      for (const id of [session, 'no-such-session']) {
        const headers = { accept: 'text/event-stream', 'mcp-session-id': id };
        const response = await fetch(checked.url, { method, headers });
        expect([response.status, response.headers.get('mcp-session-id')]).toEqual([401, null]);
      }
    }
    const headers = {
      'mcp-session-id': session,
      authorization: `Bearer ${await tokenOf(authority(), checked.url, '')}`,
    };
    expect((await fetch(checked.url, { method: 'DELETE', headers })).status).toBe(200);
  });

  it('trusts a session that was opened with a token in the mode session, with the scopes that it had', async () => {
    const { url } = trusting;
    const session = {
      'mcp-session-id': await openSession(url, await tokenOf(authority(), url, 'tool:echo')),
    };
    expect((await post(url, call, session)).status).toBe(200);
    expect((await post(url, { ...call, params: { name: 'work' } }, session)).status).toBe(403);
    expect((await post(url, call, { 'mcp-session-id': 'made-up' })).status).toBe(401);
  });
}
