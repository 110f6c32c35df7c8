import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearCredentials, hasToken, withoutCredentials } from './credentials-in-text.ts';

/** Some characters of a key. The keys are put together here, so that no scanner of this file takes them for real ones. */
const some = (length: number): string => 'a1B2c3D4e5F6g7H8'.repeat(6).slice(0, length);
const hex = (length: number): string => '0a1b2c3d4e5f6789'.repeat(6).slice(0, length);
const JWT = ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiJhIn0', 'c2lnbmF0dXJl'].join('.');

/** Each is removed as a whole, wherever it stands. */
const KEYS: readonly string[] = [
  JWT,
  `${JWT.split('.')[0]}.${some(30)}..${some(20)}.${some(10)}`,
  `sk-${some(48)}`,
  `sk-proj-${some(24)}-${some(24)}_${some(8)}`,
  `sk-ant-api03-${some(40)}-AA`,
  `sk-or-v1-${hex(64)}`,
  `sk_live_${some(24)}`,
  `rk_test_${some(24)}`,
  `whsec_${some(32)}`,
  `ghp_${some(36)}`,
  `gho_${some(36)}`,
  `ghs_${some(36)}`,
  `github_pat_${some(22)}_${some(59)}`,
  `glpat-${some(20)}`,
  `xoxb-123456789012-123456789012-${some(24)}`,
  `xapp-1-A0123456789-${some(20)}`,
  `AKIA${'ABCDEFGH23456789'}`,
  `ASIA${'ABCDEFGH23456789'}`,
  `AIza${some(35)}`,
  `ya29.${some(40)}`,
  `GOCSPX-${some(28)}`,
  `npm_${some(36)}`,
  `pypi-AgEIcHlwaS5vcmc${some(60)}`,
  `hf_${some(34)}`,
  `SG.${some(22)}.${some(43)}`,
  `dop_v1_${hex(64)}`,
  `dapi${hex(32)}`,
  `shpat_${hex(32)}`,
  `123456789:AA${some(33)}`,
];

const AROUND: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => `use ${key}, please`,
  (key) => `(${key})`,
  (key) => JSON.stringify({ text: `it is ${key}` }),
  (key) => `first\n${key}\nlast`,
  (key) => `KEY=${key}`,
];

describe('a key of a service', () => {
  it.each(KEYS)('%s is removed as a whole, wherever it stands', (key) => {
    for (const text of AROUND) {
      const cleared = clearCredentials(text(key));
      expect(cleared).toEqual({ text: text('(removed)'), removed: 1 });
    }
  });

  it('is removed as often as it is there', () => {
    expect(clearCredentials(KEYS.join(' '))).toEqual({
      text: KEYS.map(() => '(removed)').join(' '),
      removed: KEYS.length,
    });
  });
});

describe('a credential in its place', () => {
  it.each([
    ['Authorization: Bearer very-secret-token', 'Authorization: Bearer (removed)'],
    ['{"authorization":"Bearer dmVyeXNlY3JldA=","x":1}', '{"authorization":"Bearer (removed)","x":1}'],
    ['bearer  abcdefghijkl', 'bearer  (removed)'],
    ['BEARER ABCDEFGHIJKL', 'BEARER (removed)'],
    ['DPoP abc.def-ghi_jkl', 'DPoP (removed)'],
    ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'Authorization: Basic (removed)'],
    ['password: hunter22', 'password: (removed)'],
    ['PASSWORD=hunter22;', 'PASSWORD=(removed);'],
    ['my passwd = "correct horse battery staple"', 'my passwd = "(removed)"'],
    ["pwd: 'two words'", "pwd: '(removed)'"],
    ['"client_secret": "abc def"', '"client_secret": "(removed)"'],
    ['{\\"access_token\\":\\"s3cr3t-value\\",\\"x\\":1}', '{\\"access_token\\":\\"(removed)\\",\\"x\\":1}'],
    ['accessToken: s3cr3t-value', 'accessToken: (removed)'],
    ['refresh_token=s3cr3t&a=b', 'refresh_token=(removed)&a=b'],
    ['api-key: s3cr3t', 'api-key: (removed)'],
    ['apikey=s3cr3t', 'apikey=(removed)'],
    ['csrf_token=s3cr3t', 'csrf_token=(removed)'],
    [`aws_secret_access_key = ${some(40)}`, 'aws_secret_access_key = (removed)'],
    ['AccountKey=s3cr3t+value==;EndpointSuffix=a', 'AccountKey=(removed);EndpointSuffix=a'],
    ['PGPASSWORD=hunter22', 'PGPASSWORD=(removed)'],
    ['passphrase: open-sesame', 'passphrase: (removed)'],
    ['psql --password hunter22 -h db', 'psql --password (removed) -h db'],
    ['curl --api-key s3cr3t', 'curl --api-key (removed)'],
    ['secret: password: hunter22', 'secret: password: (removed)'],
    ['https://ada:hunter22@a.example/x', 'https://(removed)@a.example/x'],
    ['https://ada:hunt@er22@a.example/x', 'https://(removed)@a.example/x'],
    ['https://a-token-alone@a.example/x', 'https://(removed)@a.example/x'],
    ['postgres://app:s3cr3t@db.example:5432/orders', 'postgres://(removed)@db.example:5432/orders'],
    ['redis://:s3cr3t@cache.example', 'redis://(removed)@cache.example'],
    ['mongodb+srv://app:s3cr3t@db.example', 'mongodb+srv://(removed)@db.example'],
    [`https://hooks.slack.com/services/T0/B0/${some(24)}`, 'https://hooks.slack.com/services/(removed)'],
    [
      `-----BEGIN ${'RSA '}PRIVATE KEY-----\nMIIE\nabcd\n-----END ${'RSA '}PRIVATE KEY-----`,
      `-----BEGIN ${'RSA '}PRIVATE KEY-----(removed)-----END ${'RSA '}PRIVATE KEY-----`,
    ],
    [`-----BEGIN ${''}PRIVATE KEY-----\nMIIE cut off`, `-----BEGIN ${''}PRIVATE KEY-----(removed)`],
    [`bad token ${JWT.slice(0, 30)}`, 'bad token (removed)'],
  ])('%j is shown as %j', (text, shown) => {
    expect(clearCredentials(text)).toEqual({ text: shown, removed: 1 });
  });
});

/** What looks like a credential at first sight, and is none. */
const HEALTHY: readonly string[] = [
  'PWD=/home/me',
  '{"PWD": "/home/me"}',
  '{\\"PWD\\": \\"/home/me\\"}',
  'Bearer token is missing',
  'Bearer authentication is required',
  'Bearer realm="mcp", error="invalid_token", resource_metadata="https://a.example/meta"',
  'Bearer resource_metadata="https://a.example/.well-known/oauth-protected-resource/mcp"',
  'Bearer resource_metadata=https://a.example/meta',
  '{"challenge":"Bearer resource_metadata=\\"https://a.example/\\""}',
  'DPoP algs="ES256 PS256", error="use_dpop_nonce"',
  'Basic realm="the servers"',
  'Basic authentication failed',
  'Basic understanding of queues',
  'Negotiate conditions with the vendor',
  'the password is wrong',
  'password:',
  'password: required',
  'token: string',
  'function read(token: string, secret: string): void',
  '{"token": null, "secret": true, "password": "string"}',
  '{"token":{"type":"string"}}',
  'password: ${DB_PASSWORD}',
  'api_key: {{secrets.key}}',
  'token: <your token>',
  'password: ********',
  'password: (removed)',
  'tokens: 4096, max_tokens=2048',
  'secretary: Ada Lovelace',
  'keyboard=qwerty',
  'sk-learn and sk-SK',
  'sk-learn-pipelines-for-text-2024',
  'task-0123456789abcdef0123456789',
  'risk-0123456789abcdef0123456789',
  'ghp_short',
  'npm_config_registry',
  'npm_lifecycle_event=test',
  'hf_hub_download',
  'pypi-mirror',
  'glpat-x',
  'SG.1',
  'AKIAB',
  'xoxo-xoxo',
  'eyJvZmZzZXQiOjEwfQ',
  'git@github.com:paceline/paceline.git',
  'ssh://git@github.com/paceline/paceline',
  'mailto:ada@a.example',
  'http://127.0.0.1:3000/@scope/package?a=b@c',
  'http://[::1]:3000/mcp',
  '12:30 on 2026-11-26, at 10:AA',
  'basket-0b6f5a9e-7a0c-4f0e-9d55-1c1f4a2f9b11',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----',
];

describe('a text without credentials', () => {
  it.each(HEALTHY)('%j stays as it is', (text) => {
    expect(clearCredentials(text)).toEqual({ text, removed: 0 });
    expect(hasToken(text)).toBe(false);
  });

  it('has nothing to remove once it was cleared', () => {
    const pieces = fc.constantFrom(
      ...KEYS,
      ...HEALTHY,
      'password: hunter22',
      'Bearer abcdefgh',
      ' ',
      '"',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (texts) => {
        const once = withoutCredentials(texts.join(' '));
        expect(clearCredentials(once)).toEqual({ text: once, removed: 0 });
        for (const key of KEYS) expect(once).not.toContain(key);
      }),
    );
  });
});

describe('a long text', () => {
  /** Beginnings of credentials, again and again: each place might be searched to the end of the text. */
  const BEGINNINGS = [
    'sk-',
    'sk-a',
    'eyJ',
    'eyJabcdefg.',
    'token="',
    'bearer ',
    'a://',
    'http://a:',
    'SG.',
    '-',
    ' ',
  ];

  // Where the steps grow with the square of the length, this takes minutes, and the test runs out of its time.
  it.each(BEGINNINGS)('of %j is searched in steps that grow with its length only', (piece) => {
    const text = piece.repeat(300_000 / piece.length);
    expect(clearCredentials(text).removed).toBeLessThan(text.length);
  });
});

describe('a token as it is sent', () => {
  it.each(['Bearer abcdefgh12345678', 'dpop abcdefgh12345678', JWT, 'Basic dXNlcjpwYXNzd29yZA=='])(
    'is in %s',
    (text) => expect(hasToken(`it is ${text}.`)).toBe(true),
  );

  it.each(['password: hunter22', `ghp_${some(36)}`])('is not in %s, which is of another kind', (text) =>
    expect(hasToken(text)).toBe(false),
  );
});
