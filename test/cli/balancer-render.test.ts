import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { paceline, profileFile } from './paceline.ts';

const PROFILE = resolve(import.meta.dirname, '../../profiles/real-balancers.yaml');

const render = (kind: string, ...more: readonly string[]) =>
  paceline('balancer', 'render', kind, PROFILE, ...more);

describe('paceline balancer render', () => {
  it.each([
    ['nginx', 'hash-session, nginx', 'hash $http_mcp_session_id consistent;'],
    ['haproxy', 'sticky, haproxy', 'stick store-response res.hdr(Mcp-Session-Id)'],
    ['envoy', 'stateless, embedded', 'lb_policy: ROUND_ROBIN'],
    ['kubernetes', 'sticky, embedded', 'EnvelopeSessionState'],
  ])('prints a configuration of %s for variant "%s" and nothing else', async (kind, variant, line) => {
    const { code, stdout, stderr } = await render(kind, '--variant', variant);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# .* for 3 MCP server instances/);
    expect(stdout).toContain(line);
    expect(stderr).toBe('');
  });

  it('takes overrides', async () => {
    const { stdout } = await render('haproxy', '--set', 'fleet.instances=2');
    expect(stdout.match(/^ +server /gm)).toHaveLength(2);
  });

  it.each([
    ['a kind there is not', 'traefik', [], 'expected nginx, haproxy, envoy, kubernetes'],
    ['a variant there is not', 'nginx', ['--variant', 'none'], 'the profile has no variant "none"'],
    [
      'a policy it cannot express',
      'nginx',
      ['--variant', 'sticky, haproxy'],
      'use engine haproxy or embedded',
    ],
  ] as const)('refuses %s', async (_, kind, more, words) => {
    const { code, stdout, stderr } = await render(kind, ...more);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('refuses a profile without a fleet', async () => {
    const profile = profileFile(
      'version: 1\nload: { rate: 1/s }\ncalls: [{ list: tools }]\ntarget: { url: "http://127.0.0.1:1/mcp" }\n',
    );
    const { code, stderr } = await paceline('balancer', 'render', 'nginx', profile);
    expect(code).toBe(2);
    expect(stderr).toContain('expected a profile with fleet:');
  });
});
