import { describe, expect, it, onTestFinished } from 'vitest';
import { findResource, findServer } from './discovery.ts';
import { openHttp } from './http.ts';
import { type Answer, changed, GOOD, problemsOf, startServer } from './server.case.ts';

function http() {
  const opened = openHttp(2);
  onTestFinished(() => opened.close());
  return opened;
}

const resource =
  (more: object): Answer =>
  (_, origin) => ({
    body: { resource: `${origin}/mcp`, authorization_servers: [`${origin}/as`], ...more },
  });
const plain401: Answer = () => ({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
const open: Answer = () => ({ body: { jsonrpc: '2.0', id: 0, result: {} } });

describe('the authorization server of a server', () => {
  it.each([
    ['the challenge', GOOD, '', ['mcp:tools']],
    ['the path form', changed({ '/mcp': plain401 }), '', ['all']],
    [
      'the root form',
      changed({
        '/mcp': plain401,
        '/.well-known/oauth-protected-resource/mcp': null,
        '/.well-known/oauth-protected-resource': resource({}),
      }),
      '/as',
      [],
    ],
    ['a server that answers without a token', changed({ '/mcp': open }), '', ['all']],
    [
      'metadata of a part of the path',
      changed({
        '/.well-known/oauth-protected-resource/mcp': (_, origin) => ({
          body: { resource: origin, authorization_servers: [origin] },
        }),
      }),
      '',
      ['mcp:tools'],
    ],
  ])('is found by %s', async (_, answers, issuer, scopes) => {
    const { origin } = await startServer(answers);
    expect(await findResource(http(), `${origin}/mcp`)).toMatchObject({
      issuer: `${origin}${issuer}`,
      scopes,
    });
  });

  it.each([
    [
      'no metadata',
      changed({ '/.well-known/oauth-protected-resource/mcp': null }),
      'the server names no authorization server',
    ],
    [
      'metadata that is not JSON',
      changed({ '/.well-known/oauth-protected-resource/mcp': () => ({ body: '<html>' }) }),
      'the server names no authorization server',
    ],
    [
      'metadata without a server',
      changed({ '/.well-known/oauth-protected-resource/mcp': resource({ authorization_servers: [] }) }),
      'the server names no authorization server',
    ],
    [
      'metadata of another resource',
      changed({
        '/.well-known/oauth-protected-resource/mcp': resource({ resource: 'https://elsewhere.example/mcp' }),
      }),
      'the metadata is of another resource than',
    ],
    [
      'metadata of a longer path',
      changed({
        '/.well-known/oauth-protected-resource/mcp': (_, origin) => ({
          body: { resource: `${origin}/mc`, authorization_servers: [origin] },
        }),
      }),
      'the metadata is of another resource than',
    ],
  ])('is not found: %s', async (_, answers, problem) => {
    const { origin } = await startServer(answers);
    const problems = await problemsOf(findResource(http(), `${origin}/mcp`));
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the metadata of an authorization server', () => {
  const at =
    (path: string): Answer =>
    (_, origin) => ({
      body: { issuer: `${origin}${path}`, token_endpoint: `${origin}/token` },
    });

  it.each([
    ['', '/.well-known/oauth-authorization-server'],
    ['', '/.well-known/openid-configuration'],
    ['/t1', '/.well-known/oauth-authorization-server/t1'],
    ['/t1', '/.well-known/openid-configuration/t1'],
    ['/t1', '/t1/.well-known/openid-configuration'],
  ])('of the issuer %j is read at %s', async (path, where) => {
    const { origin, asked } = await startServer({ [where]: at(path) });
    expect(await findServer(http(), `${origin}${path}`)).toEqual({
      issuer: `${origin}${path}`,
      tokenEndpoint: `${origin}/token`,
      authMethods: undefined,
      signingAlgorithms: undefined,
    });
    expect(asked.at(-1)!.path).toBe(where);
  });

  it('of another issuer is passed over', async () => {
    const { origin } = await startServer({
      '/.well-known/oauth-authorization-server': at('/other'),
      '/.well-known/openid-configuration': at(''),
    });
    expect((await findServer(http(), origin)).issuer).toBe(origin);
  });

  it('of another issuer only is an error that names both', async () => {
    const { origin, asked } = await startServer({ '/.well-known/oauth-authorization-server': at('/') });
    expect(await problemsOf(findServer(http(), origin))).toEqual([
      expect.stringContaining(`the metadata is of the issuer ${origin}/; expected ${origin} (`),
    ]);
    expect(asked.map(({ method }) => method)).not.toContain('POST');
  });

  it('is missing, or has no token endpoint', async () => {
    const { origin } = await startServer({
      '/.well-known/openid-configuration': (_, issuer) => ({ body: { issuer } }),
    });
    expect(await problemsOf(findServer(http(), origin))).toEqual([
      expect.stringContaining('no authorization server is found'),
    ]);
    expect(await problemsOf(findServer(http(), 'not a URL'))).toEqual([
      expect.stringContaining('no authorization server is found'),
    ]);
  });

  it('cannot be read where nothing listens', async () => {
    expect(await problemsOf(findServer(http(), 'http://127.0.0.1:1'))).toEqual([
      expect.stringMatching(/the authorization server does not answer \(ECONNREFUSED\)/),
    ]);
  });
});
