import { describe, expect, it } from 'vitest';
import { only, problemsIn, withLines } from '../sample-profile.case.ts';

const AT_GATEWAY = 'cache: { honour: true, at: gateway }';
const NGINX = 'balancer: { engine: nginx }';
const HINTS = (hint: string): string => `fleet: { offer: { hints: { tools/list: ${hint} } } }`;

describe('cache', () => {
  it('keeps nothing unless it is told to', () => {
    expect(only(withLines()).cache).toEqual({
      honour: false,
      at: 'agent',
      singleFlight: false,
      jitter: 0,
      staleIfErrorUs: 0,
      subscribe: false,
    });
  });

  it.each<[string, ...string[]]>([
    ['at the agent', 'cache: { honour: true, subscribe: true }'],
    ['at the agent of a URL', 'fleet:', 'target: { url: http://127.0.0.1:1/mcp }', 'cache: { honour: true }'],
    ['at the gateway', AT_GATEWAY],
    [
      'at the gateway before replicas',
      'fleet:',
      'target: { instances: [http://127.0.0.1:1/mcp] }',
      AT_GATEWAY,
    ],
    [
      'at the gateway with everything',
      'cache: { honour: true, at: gateway, capacity: 5, singleFlight: true, jitter: 0.1, staleIfError: 5s, maxStale: 2s }',
    ],
    ['in nginx', NGINX, AT_GATEWAY],
    ['in nginx for 2 s', NGINX, AT_GATEWAY, HINTS('{ ttl: 2s }')],
    [
      'in nginx with ttl 0, which keeps nothing anywhere',
      NGINX,
      AT_GATEWAY,
      HINTS('{ ttl: 0s, cacheScope: private }'),
    ],
    [
      'in nginx with keys that say what is the default',
      NGINX,
      'cache: { honour: true, at: gateway, singleFlight: false, staleIfError: 0s }',
    ],
    [
      'in nginx with a read that is not called',
      NGINX,
      AT_GATEWAY,
      'calls: [{ list: tools }, { discover: true }, { tool: echo }]',
    ],
    // Without honour: true the other keys have no effect, so that variants can switch it.
    [
      'not at all, at the gateway of a URL',
      'fleet:',
      'target: { url: http://127.0.0.1:1/mcp }',
      'cache: { at: gateway }',
    ],
    ['not at all, in HAProxy', 'balancer: { engine: haproxy }', 'cache: { at: gateway, subscribe: true }'],
    ['not at all, with sessions', 'fleet: { era: sessions }', 'cache: { honour: false }'],
  ])('can keep results %s', (_, ...lines) => {
    expect(problemsIn(withLines(...lines))).toEqual([]);
  });

  it.each<[string, ...string[]]>([
    [
      'cache.honour: has no effect in the era sessions, whose results do not say how long they may be kept (use fleet.era stateless, or cache.honour false)',
      'fleet: { era: sessions }',
      'cache: { honour: true }',
    ],
    [
      'cache.at: gateway is a cache in the balancer; a URL is loaded without one (use agent, or target.instances)',
      'fleet:',
      'target: { url: http://127.0.0.1:1/mcp }',
      AT_GATEWAY,
    ],
    [
      'cache.subscribe: needs a driver that holds streams, which autocannon does not (use load.driver wire or undici, or leave it out)',
      'load: { concurrency: 2, duration: 1s, driver: autocannon }',
      'cache: { honour: true, subscribe: true }',
    ],
    [
      'cache.subscribe: has no effect with cache.at gateway: agents have no cache then, and the balancer holds no stream (leave it out, or use cache.at agent)',
      'cache: { honour: true, at: gateway, subscribe: true }',
    ],
    [
      'cache.at: HAProxy keeps answers to GET requests only, and MCP asks with POST (use balancer.engine embedded or nginx, or cache.at agent)',
      'balancer: { engine: haproxy }',
      AT_GATEWAY,
    ],
    [
      'cache.at: nginx does not read ttlMs and cacheScope; only of built-in servers the profile says them (use balancer.engine embedded, or fleet.server sdk or lean)',
      'fleet: { server: { command: [x] } }',
      NGINX,
      AT_GATEWAY,
    ],
    [
      'cache.at: nginx does not read ttlMs and cacheScope; only of built-in servers the profile says them (use balancer.engine embedded, or fleet.server sdk or lean)',
      'fleet:',
      'target: { instances: [http://127.0.0.1:1/mcp] }',
      NGINX,
      AT_GATEWAY,
    ],
    [
      'cache.at: auth.policy scopes makes lists private, and nginx would have to write tokens to its files to keep them apart (use balancer.engine embedded)',
      NGINX,
      AT_GATEWAY,
      'auth: { mode: jwt, policy: scopes }',
    ],
    [
      'cache.at: the servers make tools/list private, and nginx would have to write tokens to its files to keep them apart (use balancer.engine embedded)',
      NGINX,
      AT_GATEWAY,
      HINTS('{ cacheScope: private }'),
    ],
    ...[250, 1000, 2500].map((ms): [string, ...string[]] => [
      `cache.at: nginx compares whole seconds, and ttlMs of tools/list is ${ms}; expected a whole number of seconds, 2s at least (use balancer.engine embedded)`,
      NGINX,
      AT_GATEWAY,
      HINTS(`{ ttl: ${ms}ms }`),
    ]),
    [
      'fleet.offer.pageSize: nginx does not read cursors, so it would keep the first page only (leave it out, or use balancer.engine embedded)',
      NGINX,
      AT_GATEWAY,
      'fleet: { offer: { pageSize: 5 } }',
    ],
    [
      'calls: nginx does not read which resource resources/read asks for, so it keeps none (leave read out, or use balancer.engine embedded)',
      NGINX,
      AT_GATEWAY,
      'calls: [{ list: tools }, { read: "paceline://resource/1" }, { read: "paceline://resource/2" }]',
    ],
    ...[
      ['capacity: 5', 'nginx limits the bytes of what it keeps, not the entries'],
      [
        'singleFlight: true',
        'nginx lets requests wait for the first answer only (proxy_cache_lock), not for one that replaces an expired one',
      ],
      ['jitter: 0.1', 'nginx gives all results of a method the same lifetime'],
      ['staleIfError: 5s', 'nginx gives expired results for as long as it has them (proxy_cache_use_stale)'],
    ].map(([key, what]): [string, ...string[]] => [
      `cache.${key!.split(':')[0]}: ${what} (leave it out, or use balancer.engine embedded)`,
      NGINX,
      `cache: { honour: true, at: gateway, ${key} }`,
    ]),
  ])('is refused: %s', (problem, ...lines) => {
    const found = problemsIn(withLines(...lines)).map((each) => each.replace(/^p\.yaml:\d+:\d+ /, ''));
    expect(found).toEqual([problem]);
  });

  it('leaves what is wrong with the servers to their own keys', () => {
    const found = problemsIn(withLines(NGINX, AT_GATEWAY, HINTS('{ ttl: soon }')));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('fleet.offer.hints.tools/list.ttl');
  });
});
