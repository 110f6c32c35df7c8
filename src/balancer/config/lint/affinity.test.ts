/** @module Proves, case by case, when an address is the key of a hash and when it is only a fallback. */
import { describe, expect, it } from 'vitest';
import { usesClientAddress as inHaproxy } from './haproxy/affinity.ts';
import { readHaproxy } from './haproxy/config.ts';
import { usesClientAddress as inNginx } from './nginx/affinity.ts';
import { parseNginx } from './nginx/parse.ts';
import { readVariables } from './nginx/variables.ts';

const nginx = (maps: string, key = '$key'): boolean =>
  inNginx(key, readVariables(parseNginx(maps, 'nginx.conf')));

describe('nginx: a hash key', () => {
  it.each([
    ['no address at all', 'map $http_authorization $key { default $http_authorization; }', false],
    ['a fallback', 'map $http_x_api_key $key { default $http_x_api_key; "" $remote_addr; }', false],
    [
      'a fallback in two steps',
      'map $remote_user $a { default $remote_user; "" $b; } map $http_x_tenant $b { default $http_x_tenant; "" $remote_addr; } map "" $key { default $a; }',
      false,
    ],
    [
      'the user agent, which identifies no caller',
      'map $http_user_agent $key { default $http_user_agent; "" $remote_addr; }',
      true,
    ],
    [
      'a session id',
      'map $http_mcp_session_id $key { default $http_mcp_session_id; "" $remote_addr; }',
      true,
    ],
    [
      'all callers mapped to one value',
      'map $http_authorization $key { default "known"; "" $remote_addr; }',
      true,
    ],
    ['all callers mapped to an empty value', 'map $http_authorization $key { "" $remote_addr; }', true],
    [
      'the address for some of the callers',
      'map $http_authorization $key { default $http_authorization; "" $remote_addr; "~^Basic" $remote_addr; }',
      true,
    ],
    [
      'the address and the caller',
      'map $http_authorization $key { default $http_authorization$remote_addr; "" $remote_addr; }',
      true,
    ],
    ['a range of addresses', 'geo $remote_addr $key { default 0; 10.0.0.0/8 1; }', true],
    ['a variable set to it', 'server { set $key $remote_addr; }', true],
    [
      'variables that define each other',
      'map $b $key { default $b; } map $key $b { default $remote_addr; }',
      true,
    ],
  ])('%s', (_what, maps, expected) => expect(nginx(maps)).toBe(expected));

  it('is read quickly even if variables multiply', () => {
    const maps = Array.from({ length: 60 }, (_, i) => `map "" $v${i} { default $v${i + 1}$v${i + 1}; }`);
    expect(nginx(maps.join('\n'), '$v0')).toBe(false);
  });
});

const haproxy = (...rules: readonly string[]): boolean =>
  inHaproxy(
    'var(txn.key)',
    readHaproxy(
      `frontend f\n mode http\n acl known req.hdr(Authorization) -m found\n ${rules.map((rule) => `http-request set-var(txn.key) ${rule}`).join('\n ')}\n default_backend mcp\n` +
        'backend mcp\n mode http\n balance hash var(txn.key)\n server a 127.0.0.1:1\n',
      'haproxy.cfg',
    ),
  );

describe('HAProxy: a variable that is hashed', () => {
  it.each([
    ['no address at all', ['req.hdr(Authorization)'], false],
    ['no value', [], false],
    ['a fallback below', ['src', 'req.hdr(Authorization) if known'], false],
    ['a fallback above', ['req.hdr(Authorization)', 'src if !known'], false],
    ['a fallback beside', ['req.hdr(Authorization) if known', 'src unless known'], false],
    [
      'a fallback where the variable is missing',
      ['req.hdr(X-Api-Key)', 'src unless { var(txn.key) -m found }'],
      false,
    ],
    ['the address', ['src'], true],
    ['the address, masked', ['src,ipmask(24)'], true],
    ['the address, whatever was set before', ['req.hdr(Authorization)', 'src'], true],
    ['the address of known callers', ['req.hdr(Authorization)', 'src if known'], true],
    ['the caller, on another path', ['src', 'req.hdr(Authorization) if { path_beg /admin }'], true],
    ['a session id', ['src', 'req.hdr(Mcp-Session-Id) if { req.hdr(Mcp-Session-Id) -m found }'], true],
  ] as const)('%s', (_what, rules, expected) => expect(haproxy(...rules)).toBe(expected));
});
