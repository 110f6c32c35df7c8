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

  it('accepts overrides', async () => {
    const { stdout } = await render('haproxy', '--set', 'fleet.instances=2');
    expect(stdout.match(/^ +server /gm)).toHaveLength(2);
  });

  it.each([
    ['a kind there is not', 'traefik', [], 'expected nginx, haproxy, envoy, kubernetes'],
    ['a variant there is not', 'nginx', ['--variant', 'none'], 'the profile has no variant "none"'],
  ] as const)('refuses %s', async (_, kind, more, words) => {
    const { code, stdout, stderr } = await render(kind, ...more);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('prints sticky for nginx, with the version that it needs', async () => {
    const { code, stdout } = await render('nginx', '--variant', 'sticky, haproxy');
    expect(code).toBe(0);
    expect(stdout).toContain('# Needs nginx 1.29.6 or later: sticky learn.');
    expect(stdout).toContain('sticky learn create=$upstream_http_mcp_session_id lookup=$http_mcp_session_id');
  });

  it('rejects a policy that the language does not support', async () => {
    const profile = profileFile(
      'version: 1\nload: { rate: 1/s }\ncalls: [{ list: tools }]\nfleet: {}\nbalancer: { policy: least-in-flight }\n',
    );
    const { code, stdout, stderr } = await paceline('balancer', 'render', 'kubernetes', profile);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('balancer.policy: Kubernetes gateways based on Envoy compare two instances');
    expect(stderr).toContain('use random-two, which is the same as LEAST_REQUEST');
  });

  it.each(['envoy', 'kubernetes'])('rejects TLS for %s, which is not rendered', async (kind) => {
    const { code, stdout, stderr } = await render(kind, '--set', 'balancer.tls=true');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('balancer.tls: TLS is rendered for nginx or haproxy only');
    expect(stderr).toContain('--set balancer.tls=false');
  });

  it('rejects a profile without a fleet', async () => {
    const profile = profileFile(
      'version: 1\nload: { rate: 1/s }\ncalls: [{ list: tools }]\ntarget: { url: "http://127.0.0.1:1/mcp" }\n',
    );
    const { code, stderr } = await paceline('balancer', 'render', 'nginx', profile);
    expect(code).toBe(2);
    expect(stderr).toContain('expected a profile with fleet:');
  });
});
