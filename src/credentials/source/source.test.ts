import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TokenSource } from '../../profile/settings.ts';
import { openHttp } from '../http.ts';
import { type Answers, changed, GOOD, problemsOf, startServer, type TestServer } from '../server.case.ts';
import { fileSource } from './file.ts';
import type { OpenSource } from './source.ts';
import { openSource } from './table.ts';

const SECRET = 's3cr3t-%+: ü';
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ED25519 = generateKeyPairSync('ed25519');
const pem = ({ privateKey }: typeof P256): string =>
  privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;

const folder = (): string => mkdtempSync(join(tmpdir(), 'paceline-source-'));

function fileWith(text: string): string {
  const path = join(folder(), 'file');
  writeFileSync(path, text);
  return path;
}

const expiring = (inSeconds: number): Promise<string> =>
  new SignJWT({ jti: 'one' })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime(Math.floor(Date.now() / 1000) + inSeconds)
    .sign(P256.privateKey);

interface Given {
  readonly url?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly scopes?: readonly string[];
}

function opened(
  source: TokenSource,
  { url = 'http://127.0.0.1:1/mcp', environment = {}, scopes = [] }: Given = {},
): OpenSource {
  const http = openHttp(2);
  onTestFinished(() => http.close());
  return openSource(source, { where: 'identities a', environment, http, url, scopes });
}

const tokenIn = async (source: OpenSource): Promise<string | undefined> =>
  (await source.supply()).token?.value;

describe.each([
  ['a variable', (text: string) => opened({ kind: 'env', name: 'TOKEN' }, { environment: { TOKEN: text } })],
  ['a file', (text: string) => opened({ kind: 'file', path: fileWith(text) })],
  [
    'a command',
    (text: string) =>
      opened({ kind: 'command', command: [process.execPath, '-p', JSON.stringify(text)], cwd: '.' }),
  ],
])('the token in %s', (_, with_) => {
  it('is used without the white space around it', async () => {
    expect(await tokenIn(with_('an-opaque_token~+/=\n'))).toBe('an-opaque_token~+/=');
  });

  it('that is a JWT says its id, and when it expires', async () => {
    const { token } = await with_(await expiring(60)).supply();
    expect(token).toMatchObject({ id: 'one' });
    expect(token!.expiresAtEpochMs! - Date.now()).toBeGreaterThan(50_000);
  });

  it.each([
    [
      'that has expired',
      expiring(-90),
      /has expired, 1:[3-9]\d minutes ago; expected a token that is valid during the load/,
    ],
    ['that is empty', Promise.resolve('\n'), /is empty/],
    ['that is something else', Promise.resolve(`Bearer ${SECRET}`), /is no access token/],
  ])('%s is an error, which does not quote it', async (_case, made, problem) => {
    const text = await made;
    const problems = await problemsOf(with_(text).supply());
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems[0]).toMatch(/^identities a: /);
    expect(problems[0]).not.toContain(text.trim() || SECRET);
    expect(problems[0]).not.toContain(SECRET);
  });
});

describe('a source that cannot be read', () => {
  it.each([
    [{ kind: 'env', name: 'TOKEN' }, 'the environment variable TOKEN is not set (set it)'],
    [{ kind: 'file', path: '/no/such/file' }, '/no/such/file cannot be read'],
    [{ kind: 'command', command: ['/no/such/program'], cwd: '.' }, 'there is no program /no/such/program'],
    [
      {
        kind: 'command',
        command: [process.execPath, '-e', `console.log("${SECRET}"); process.exit(3)`],
        cwd: '.',
      },
      'has failed (exit code 3)',
    ],
    [{ kind: 'mcp-json', path: '/no/such/file', server: '' }, '/no/such/file cannot be read'],
  ] as const)('%j', async (source, problem) => {
    const problems = await problemsOf(opened(source).supply());
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).not.toContain(SECRET);
  });
});

describe('a file', () => {
  it('is read again when it is replaced, even before it is watched', async () => {
    const path = fileWith('first');
    const source = fileSource({ path }, { where: 'a' }, 20_000);
    expect(await tokenIn(source)).toBe('first');
    renameSync(fileWith('second'), path);
    const read: Promise<string | undefined>[] = [];
    onTestFinished(source.watch!(() => read.push(tokenIn(source))));
    await expect.poll(() => read.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await read[0]).toBe('second');
    const before = read.length;
    renameSync(fileWith('third'), path);
    await expect.poll(() => read.length, { timeout: 20_000 }).toBeGreaterThan(before);
    expect(await read.at(-1)).toBe('third');
  });
});

describe('an mcp.json', () => {
  const source = (document: unknown, server = ''): TokenSource => ({
    kind: 'mcp-json',
    path: fileWith(typeof document === 'string' ? document : JSON.stringify(document)),
    server,
  });
  const environment = { TOKEN: 'abc', KEY: 'k1' };
  const entry = (headers: object, more: object = {}): object => ({
    mcpServers: { one: { headers, ...more } },
  });

  it.each([
    ['a header', entry({ Authorization: 'Bearer abc' }), 'abc', {}],
    ['a variable', entry({ authorization: `bearer \${env:TOKEN}` }), 'abc', {}],
    ['another form of variable', entry({ Authorization: `Bearer \${TOKEN}` }), 'abc', {}],
    ['the list of VS Code', { servers: { x: { headers: { Authorization: 'Bearer abc' } } } }, 'abc', {}],
    [
      'other headers',
      entry({ 'X-Api-Key': `\${env:KEY}`, Authorization: 'Bearer abc' }),
      'abc',
      { 'X-Api-Key': 'k1' },
    ],
    ['another scheme', entry({ Authorization: 'Basic eDp5' }), undefined, { Authorization: 'Basic eDp5' }],
    [
      'the same server',
      entry({ Authorization: 'Bearer abc' }, { url: 'http://127.0.0.1:1/other' }),
      'abc',
      {},
    ],
  ])('gives %s', async (_, document, token, headers) => {
    const given = await opened(source(document), { environment }).supply();
    expect([given.token?.value, given.headers]).toEqual([token, headers]);
  });

  it.each([
    [
      'a variable that is not set',
      entry({ Authorization: `Bearer \${env:NONE}` }),
      '',
      'variable NONE is not set',
    ],
    ['a question to the user', entry({ Authorization: `Bearer \${input:key}` }), '', `needs \${input:key}`],
    ['no such server', entry({}), 'two', 'has no server two; expected server: one of one'],
    ['several servers', { servers: { a: {}, b: {} } }, '', 'has 2 servers; expected server: one of a and b'],
    ['no servers', { other: {} }, '', 'lists no servers'],
    ['text', `{ "secret": "${SECRET}" `, '', 'is not a JSON object'],
    [
      'another server',
      entry({ Authorization: 'Bearer abc' }, { url: 'https://elsewhere.example/mcp' }),
      '',
      'are for https://elsewhere.example; expected a server at http://127.0.0.1:1,',
    ],
  ])('with %s is an error', async (_, document, server, problem) => {
    const problems = await problemsOf(opened(source(document, server), { environment }).supply());
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).not.toContain(SECRET);
  });
});

describe('a client of an authorization server', () => {
  const environment = { ID: 'me:you', SECRET, KEY: pem(P256), RSA_KEY: pem(RSA), ED_KEY: pem(ED25519) };
  const client = { kind: 'client-credentials', algorithm: 'ES256', clientIdEnv: 'ID' } as const;
  const bySecret = { ...client, secretEnv: 'SECRET' };
  const byKey = { ...client, keyEnv: 'KEY' };

  const asked = async (answers: Answers, source: TokenSource, given: Given = {}) => {
    const server = await startServer(answers);
    const open = opened(source, { environment, url: `${server.origin}/mcp`, ...given });
    return { server, open };
  };
  const requestsOf = ({ asked: all }: TestServer) =>
    all
      .filter(({ path }) => path === '/token')
      .map((each) => ({ ...each, form: new URLSearchParams(each.body) }));
  const metadata = (more: object): Answers =>
    changed({
      '/.well-known/oauth-authorization-server': (_, origin) => ({
        body: { issuer: origin, token_endpoint: `${origin}/token`, ...more },
      }),
    });

  it('with a secret sends it in the header, form-encoded', async () => {
    const { server, open } = await asked(GOOD, bySecret);
    const { token } = await open.supply();
    expect(token!.value).toBe('a.token');
    expect(token!.expiresAtEpochMs! - Date.now()).toBeGreaterThan(290_000);
    const [{ form, headers }] = requestsOf(server) as [ReturnType<typeof requestsOf>[number]];
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'client_credentials',
      resource: `${server.origin}/mcp`,
      scope: 'mcp:tools',
    });
    const pair = Buffer.from(headers.authorization!.replace('Basic ', ''), 'base64').toString();
    expect(pair).toBe('me%3Ayou:s3cr3t-%25%2B%3A+%C3%BC');
  });

  it.each([
    ['a lifetime', undefined, 100, 100],
    ['a JWT', 50, undefined, 50],
    ['a JWT of another clock', 50, 100, 100],
    ['neither', undefined, undefined, undefined],
  ])('has a token whose expiry is that of %s', async (_, inSeconds, lifetime, left) => {
    const value = inSeconds === undefined ? 'opaque' : await expiring(inSeconds);
    const answers = changed({ '/token': () => ({ body: { access_token: value, expires_in: lifetime } }) });
    const { open } = await asked(answers, bySecret);
    const before = Math.floor(Date.now() / 1000);
    const { expiresAtEpochMs } = (await open.supply()).token!;
    if (left === undefined) expect(expiresAtEpochMs).toBe(undefined);
    else {
      expect(expiresAtEpochMs! / 1000 - before).toBeGreaterThanOrEqual(left - 1);
      expect(expiresAtEpochMs! / 1000 - left).toBeLessThanOrEqual(Date.now() / 1000);
    }
  });

  it('with a secret sends it in the form where only that is accepted', async () => {
    const answers = metadata({ token_endpoint_auth_methods_supported: ['client_secret_post'] });
    const { server, open } = await asked(answers, bySecret);
    await open.supply();
    const [{ form, headers }] = requestsOf(server) as [ReturnType<typeof requestsOf>[number]];
    expect([form.get('client_id'), form.get('client_secret')]).toEqual(['me:you', SECRET]);
    expect(headers.authorization).toBe(undefined);
  });

  it('with a key signs a new assertion for each request, for the issuer', async () => {
    const { server, open } = await asked(GOOD, byKey);
    await open.supply();
    await open.supply();
    const assertions = requestsOf(server).map(({ form }) => form.get('client_assertion')!);
    expect(new Set(assertions.map((each) => decodeJwt(each).jti)).size).toBe(2);
    const { payload } = await jwtVerify(assertions[0]!, P256.publicKey, { audience: server.origin });
    expect(payload).toMatchObject({ iss: 'me:you', sub: 'me:you', exp: payload.iat! + 300 });
    expect(server.asked.filter(({ path }) => path.includes('well-known'))).toHaveLength(2);
  });

  it.each([
    [
      'a JWK, with its name',
      JSON.stringify({ ...P256.privateKey.export({ format: 'jwk' }), kid: 'k7' }),
      'ES256',
      'k7',
    ],
    ['PEM with RSA', pem(RSA), 'RS256', undefined],
    ['PEM with Ed25519', pem(ED25519), 'EdDSA', undefined],
  ])('has a key in a file: %s', async (_, text, algorithm, kid) => {
    const { server, open } = await asked(GOOD, { ...client, keyFile: fileWith(text), algorithm });
    await open.supply();
    const assertion = requestsOf(server)[0]!.form.get('client_assertion')!;
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: algorithm, ...(kid !== undefined && { kid }) });
  });

  it('asks for its own scopes and resource, at the issuer that is given', async () => {
    const { server } = await asked(GOOD, bySecret);
    const source = { ...bySecret, issuer: server.origin, resource: 'https://mcp.example/mcp' };
    await opened(source, { environment, scopes: ['a', 'b'] }).supply();
    expect(Object.fromEntries(requestsOf(server)[0]!.form)).toMatchObject({
      scope: 'a b',
      resource: 'https://mcp.example/mcp',
    });
    expect(server.asked.map(({ path }) => path)).not.toContain('/mcp');
  });

  const answering = (status: number, body: unknown): Answers =>
    changed({ '/token': () => ({ status, body }) });
  it.each([
    [
      'a wrong secret',
      answering(401, { error: 'invalid_client', error_description: `${SECRET} is wrong` }),
      bySecret,
      'gives the client me:you no token (401 invalid_client: ... is wrong) (check the id of the client, and its secret or key)',
    ],
    [
      'a scope',
      answering(400, { error: 'invalid_scope' }),
      bySecret,
      '(400 invalid_scope) (check the scopes of the identity)',
    ],
    [
      'a resource',
      answering(400, { error: 'invalid_target' }),
      byKey,
      '(400 invalid_target) (register the URL',
    ],
    ['an error page', answering(502, '<html>'), byKey, '(502 without an error code)'],
    ['an answer without a token', answering(200, {}), byKey, '(200 without an error code)'],
    [
      'another way of authentication',
      metadata({ token_endpoint_auth_methods_supported: ['private_key_jwt', 'tls_client_auth'] }),
      bySecret,
      'does not accept client_secret_basic; expected private_key_jwt and tls_client_auth',
    ],
    [
      'another algorithm',
      metadata({ token_endpoint_auth_signing_alg_values_supported: ['PS256'] }),
      byKey,
      'does not accept assertions signed with ES256; expected PS256',
    ],
    [
      'a secret that is not set',
      GOOD,
      { ...client, secretEnv: 'NONE' },
      'the environment variable NONE is not set',
    ],
    [
      'an id that is not set',
      GOOD,
      { ...bySecret, clientIdEnv: 'NONE' },
      'the environment variable NONE is not set',
    ],
    [
      'a secret for a key',
      GOOD,
      { ...client, keyEnv: 'SECRET' },
      'the environment variable SECRET is no private key',
    ],
    ['a key of another algorithm', GOOD, { ...client, keyEnv: 'RSA_KEY' }, '(rsa) cannot sign with ES256'],
    ['a key of another curve', GOOD, { ...client, keyEnv: 'ED_KEY' }, '(ed25519) cannot sign with ES256'],
    ['a missing key file', GOOD, { ...client, keyFile: '/no/such/key' }, '/no/such/key cannot be read'],
    ['an unknown algorithm', GOOD, { ...byKey, algorithm: 'HS256' }, 'cannot sign with HS256'],
    [
      'no authorization server',
      changed({ '/.well-known/oauth-authorization-server': null }),
      byKey,
      'no authorization server is found',
    ],
  ] as const)('is told of %s, without a secret', async (_, answers, source, problem) => {
    const { open } = await asked(answers, source);
    const problems = await problemsOf(open.supply());
    expect(problems).toEqual([expect.stringContaining(problem)]);
    for (const secret of [SECRET, 'PRIVATE KEY']) expect(problems[0]).not.toContain(secret);
  });
});
