import { describe, expect, it } from 'vitest';
import { secretsNamedBy } from './named-secrets.ts';
import { parseProfile } from './profile.ts';
import { PROFILE, problemsIn, withLines } from './sample-profile.case.ts';
import { hideSecretsInUrl, isSecretName, schemeOf, withoutSecretsOf } from './secrets.ts';

const SECRET = 's3cr3t';

describe('a name', () => {
  it.each([
    'Authorization',
    'Cookie',
    'X-Api-Key',
    'apikey',
    'Ocp-Apim-Subscription-Key',
    'x-functions-key',
    'X-Goog-Api-Key',
    'X-Amz-Credential',
    'X-Hub-Signature-256',
    'X-Session-Id',
    'X-Goog-IAP-JWT-Assertion',
    'client_secret',
    'sig',
    'X-Author-Token',
    'Proxy-Authorization',
    'authorisation',
  ])('%s says credential', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'Mcp-Session-Id',
    'Mcp-Method',
    'MCP-Protocol-Version',
    'Mcp-Name',
    'Accept',
    'Content-Type',
    'Keep-Alive',
    'User-Agent',
    'X-Tenant',
    'X-Request-Id',
    'traceparent',
    'X-Design',
    'WWW-Authenticate',
    'Proxy-Authenticate',
    'author',
    'authors',
    'authority',
    'token_endpoint',
    'token_type',
    'authorization_uri',
    'authorization_servers',
    'token_endpoint_auth_methods_supported',
  ])('%s does not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('a text', () => {
  it('has no value of a header with the name of a secret, and no word of one, the longest first', () => {
    const sent = {
      Authorization: 'Bearer abcdef.ghi',
      'X-Api-Key': 'abcdef.ghi.jkl',
      'X-Short-Key': 'abc',
      'X-Tenant': 'acme-42',
    };
    const without = withoutSecretsOf([sent, { Cookie: undefined }]);
    expect(without('got Bearer abcdef.ghi of acme-42')).toBe('got (removed) of acme-42');
    expect(without('key abcdef.ghi.jkl, token abcdef.ghi, abc')).toBe('key (removed), token (removed), abc');
  });

  it('keeps the name of the scheme, which tells that another credential follows', () => {
    const without = withoutSecretsOf([{ Authorization: 'Bearer abcdef.ghi' }]);
    expect(without('Bearer 0123456789abcdef')).toBe('Bearer 0123456789abcdef');
  });

  it('keeps the working directory, and loses a password of that name', () => {
    const text = 'in /home/me, with hunter22';
    expect(withoutSecretsOf([{ PWD: '/home/me' }])(text)).toBe(text);
    expect(withoutSecretsOf([{ PWD: 'hunter22' }])(text)).toBe('in /home/me, with (removed)');
  });
});

describe('the value of a header', () => {
  it.each([
    ['Bearer abc', 'Bearer'],
    ['negotiate abc', 'negotiate'],
    ['Token abc', 'Token'],
    ['Bearer', undefined],
    ['tokens abc', undefined],
  ])('%s: the scheme', (value, scheme) => {
    expect(schemeOf(value)).toBe(scheme);
  });
});

describe('a URL', () => {
  it.each([
    ['http://a/mcp?token=s3cr3t&b=2', 'http://a/mcp?token=(not-recorded)&b=2', ['token']],
    ['https://a/mcp?b=2&code=s3cr3t', 'https://a/mcp?b=2&code=(not-recorded)', ['code']],
    ['https://a/?api%5Fkey=s3cr3t==', 'https://a/?api%5Fkey=(not-recorded)', ['api_key']],
    ['no url ?sig=s3cr3t', 'no url ?sig=(not-recorded)', ['sig']],
    ['http://a/token=b?country_code=de&page=2', 'http://a/token=b?country_code=de&page=2', []],
    ['http://a/?%zz=1&token=', 'http://a/?%zz=1&token=', []],
  ])('%s', (url, hidden, names) => {
    expect(hideSecretsInUrl(url)).toEqual({ url: hidden, names });
  });
});

describe('a credential in the query of a target', () => {
  const text = withLines(
    'fleet:',
    `target: { url: "http://a/mcp?token=${SECRET}&page=2" }`,
    `variants: [{ name: one }, { name: two, target.url: "http://b/mcp?code=${SECRET}" }, { name: three, target: { url: "http://c/mcp?x=1" } }]`,
  );

  it('is in use, and not recorded', () => {
    const { document, variants, notices } = parseProfile(text, 'p.yaml');
    expect(variants.map(({ settings }) => settings.endpoint)).toMatchObject([
      { url: `http://a/mcp?token=${SECRET}&page=2` },
      { url: `http://b/mcp?code=${SECRET}` },
      { url: 'http://c/mcp?x=1' },
    ]);
    expect(document['target']).toEqual({ url: 'http://a/mcp?token=(not-recorded)&page=2' });
    expect(variants[1]!.overrides).toEqual({ 'target.url': 'http://b/mcp?code=(not-recorded)' });
    expect(JSON.stringify([document, variants.map(({ overrides }) => overrides), notices])).not.toContain(
      SECRET,
    );
    expect(notices).toEqual([
      'the value of token and code in the URL of the target is sent, and not recorded in the result',
    ]);
  });

  it('gives a document that can be read again', () => {
    expect(problemsIn(JSON.stringify(parseProfile(text, 'p.yaml').document))).toEqual([]);
  });

  it('is told by --target and for instances, too', () => {
    const flagged = parseProfile(PROFILE, 'p.yaml', { target: `http://a/mcp?key=${SECRET}` });
    expect(flagged.document['target']).toEqual({ url: 'http://a/mcp?key=(not-recorded)' });
    const urls = withLines('fleet:', `target: { instances: ["http://a/?key=${SECRET}", "http://b/"] }`);
    expect(parseProfile(urls, 'p.yaml').document['target']).toEqual({
      instances: ['http://a/?key=(not-recorded)', 'http://b/'],
    });
  });
});

describe('a message', () => {
  const target = (more: string): string => withLines('fleet:', `target: { url: "http://a/mcp", ${more} }`);

  it.each([
    ['a header with a line break', target(`headers: { Authorization: "Bearer\\n${SECRET}" }`)],
    ['a header that is a number or a list', target(`headers: { X-A: [[${SECRET}]] }`)],
    ['headers that are text', target(`headers: "Authorization: ${SECRET}"`)],
    ['headers that are a list', target(`headers: ["Authorization: ${SECRET}"]`)],
    ['a header with its value in the name', target(`headers: { "Authorization Bearer ${SECRET}": x }`)],
    ['a target that is a list', withLines('fleet:', `target: [{ headers: { Cookie: ${SECRET} } }]`)],
    ['variants that are a mapping', withLines(`variants: { a: { target.headers.Cookie: ${SECRET} } }`)],
    ['a variable that is a list', withLines(`fleet: { server: { command: x, env: { A: [${SECRET}] } } }`)],
    ['a URL of another protocol', withLines('fleet:', `target: { url: "ftp://a/?token=${SECRET}" }`)],
  ])('about %s does not quote it', (_, text) => {
    const problems = problemsIn(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain(SECRET);
  });

  it.each([
    `target.headers.Authorization: Bearer ${SECRET}`,
    `target.url http://a/?token=${SECRET}`,
    `target.url=ftp://a/?token=${SECRET}`,
    `target.url=[http://a/?token=${SECRET}`,
    `target.headers.Cookie=[[${SECRET}]]`,
  ])('about --set %s does not quote it', (set) => {
    const problems = problemsIn(target('era: auto'), { set: [set] });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain(SECRET);
  });
});

describe('secrets that the schema of a tool names', () => {
  const schema = {
    properties: {
      password: { default: 'p(1).+secret' },
      session_mode: { default: 'shared', enum: ['shared', 'private'] },
      auth_mode: { default: 'guarded' },
      apiKey: { enum: ['k3y-of-all'] },
      pass: { type: 'integer', default: 47_114_711 },
      max_tokens: { type: 'integer', default: 100_000 },
    },
  };
  const named = secretsNamedBy(schema);

  it('are values of parameters that look like a credential, and no choice of several', () => {
    expect([...named].sort()).toEqual(['47114711', 'guarded', 'k3y-of-all', 'p(1).+secret']);
  });

  it.each([
    ['say p(1).+secret.', 'say (removed).'],
    ['k3y-of-all, twice: k3y-of-all', '(removed), twice: (removed)'],
    ['call get_guarded_basket, unguarded', 'call get_guarded_basket, unguarded'],
  ])('are removed where they are words of their own: %s', (text, left) => {
    expect(withoutSecretsOf([], named)(text)).toBe(left);
  });
});
