import { describe, expect, it } from 'vitest';
import { parseProfile } from './profile.ts';
import { only, PROFILE, problemsIn, withLines } from './sample-profile.case.ts';

const SECRET = 's3cret';
const PROXY = `http://me:${SECRET}@127.0.0.1:3128`;
const UNDICI = 'load: { rate: 100/s, driver: undici }';
const EXPECTED = 'http://host:port, or http://user:password@host:port';

const target = (proxy: string): string => `target: { url: "http://a/mcp", proxy: "${proxy}" }`;
const proxied = (...lines: readonly string[]): string => withLines('fleet:', UNDICI, target(PROXY), ...lines);

describe('target.proxy', () => {
  it('is on the way to the target, with its credentials', () => {
    expect(only(proxied()).endpoint).toMatchObject({ kind: 'target', url: 'http://a/mcp', proxy: PROXY });
    expect(only(withLines('fleet:', 'target: { url: "http://a/mcp" }')).endpoint).not.toHaveProperty('proxy');
  });

  it('may be set by one variant of two, and by a flag', () => {
    const text = withLines(
      'fleet:',
      UNDICI,
      'target: { url: "http://a/mcp" }',
      `variants: [{ name: direct }, { name: by proxy, target.proxy: "${PROXY}" }]`,
    );
    const { variants } = parseProfile(text, 'p.yaml');
    const proxies = variants.map(({ settings }) => settings.endpoint as { readonly proxy?: string });
    expect(proxies.map(({ proxy }) => proxy)).toEqual([undefined, PROXY]);
    const flags = { target: 'http://a/mcp', set: ['load.driver=undici', `target.proxy=${PROXY}`] };
    expect(only(PROFILE, flags).endpoint).toMatchObject({ proxy: PROXY });
  });

  it('is recorded without its credentials, wherever it is given', () => {
    const text = proxied(
      `variants: [{ name: a, target.proxy: "${PROXY}/" }, { name: b, target: { proxy: "${PROXY}" } }]`,
    );
    const { document, variants, notices } = parseProfile(text, 'p.yaml');
    expect(document['target']).toEqual({ url: 'http://a/mcp', proxy: 'http://127.0.0.1:3128' });
    expect(variants[0]!.overrides).toEqual({ 'target.proxy': 'http://127.0.0.1:3128' });
    expect(JSON.stringify([document, variants.map(({ overrides }) => overrides), notices])).not.toContain(
      SECRET,
    );
    expect(notices).toEqual(['the password in target.proxy is sent, and not recorded in the result']);
    const open = parseProfile(withLines('fleet:', UNDICI, target('http://127.0.0.1:3128')), 'p.yaml');
    expect(open.notices).toEqual([]);
  });
});

describe('a problem of target.proxy', () => {
  it.each([
    [
      'goes with a driver that does not support one',
      ['fleet:', target(PROXY)],
      'p.yaml:4:39 target.proxy: load.driver wire does not support a proxy; expected load.driver undici (set that, or leave the proxy out)',
    ],
    [
      'goes with autocannon',
      ['fleet:', 'load: { concurrency: 2, driver: autocannon }', target(PROXY)],
      'p.yaml:4:39 target.proxy: load.driver autocannon does not support a proxy; expected load.driver undici (set that, or leave the proxy out)',
    ],
    [
      'goes with instances behind a balancer of Paceline',
      ['fleet:', UNDICI, `target: { instances: ["http://a/mcp"], proxy: "${PROXY}" }`],
      'p.yaml:4:47 target.proxy: cannot be combined with target.instances: calls reach those through a balancer that Paceline starts; expected target.url with target.proxy (leave it out)',
    ],
    [
      'goes with a fleet',
      [UNDICI, `target: { proxy: "${PROXY}" }`],
      'p.yaml:5:1 target: needs exactly one of url or instances',
    ],
  ])('is reported when it %s', (_, lines, problem) => {
    const problems = problemsIn(withLines(...lines));
    expect(problems).toContain(problem);
    expect(problems.join('\n')).not.toContain(SECRET);
  });

  it.each([
    `me:${SECRET}@127.0.0.1:3128`,
    `socks5://me:${SECRET}@127.0.0.1:1080`,
    `http://me:${SECRET}@127.0.0.1:port`,
    `http://me:${SECRET}@127.0.0.1:3128/path`,
    `http://127.0.0.1:3128/?password=${SECRET}`,
    `http//me:${SECRET}@h`,
  ])('does not quote %s', (proxy) => {
    expect(problemsIn(withLines('fleet:', UNDICI, target(proxy)))).toEqual([
      `p.yaml:4:39 target.proxy: the value (not shown) is not valid; expected ${EXPECTED}`,
    ]);
  });

  it.each([
    [
      `target.proxy=me:${SECRET}@h`,
      `--set target.proxy: target.proxy: the value (not shown) is not valid; expected ${EXPECTED}`,
    ],
    [
      `target={url: x, proxy: "http://me:${SECRET}@h"}`,
      '--set target: target.url: "x" is not valid; expected an http or https URL',
    ],
    [`target.proxy=[${SECRET}`, '--set target.proxy: the value (not shown) is not valid YAML'],
    [
      `target.proxy: http://me:${SECRET}@h`,
      '--set: "target.proxy" and what follows it (not shown) has no value; expected the form path=value, such as load.rate=400/s',
    ],
  ])('does not quote --set %s', (set, problem) => {
    const text = withLines('fleet:', UNDICI, 'target: { url: "http://a/mcp" }');
    expect(problemsIn(text, { set: [set] })).toEqual([problem]);
  });

  it('does not quote what a variant overrules', () => {
    const text = proxied('variants: [{ name: v, target.proxy: "http://other:1" }]');
    const { notices } = parseProfile(text, 'p.yaml', { set: [`target.proxy=${PROXY}`] });
    expect(notices[0]).toBe(
      '--set target.proxy: "v" sets target.proxy to another value, which takes precedence',
    );
    expect(notices.join('\n')).not.toContain(SECRET);
  });

  it('are refused in the URL of a target, where nobody would send them and results would record them', () => {
    const where = 'the value (not shown) is not valid; expected a URL without user and password;';
    const [problem] = problemsIn(
      withLines('fleet:', `target: { url: "http://me:${SECRET}@127.0.0.1:9/mcp" }`),
    );
    expect(problem).toContain(`target.url: ${where}`);
    expect(problemsIn(withLines('fleet:', 'target: { url: "http://me@127.0.0.1:9/mcp" }'))).toHaveLength(1);
    expect(problemsIn(withLines('fleet:', 'target: { url: "http://127.0.0.1:9/mcp?a=b@c" }'))).toEqual([]);
  });
});
