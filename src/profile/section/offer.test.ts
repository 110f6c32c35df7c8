import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { METRICS, problemsOf, withLines } from '../sample-profile.case.ts';
import type { OfferSettings } from './offer.ts';

/** What each variant of a profile offers. */
function offers(...lines: readonly string[]): readonly OfferSettings[] {
  const { variants } = parseProfile(withLines(...lines), 'p.yaml', { metrics: METRICS });
  return variants.map(({ settings: { endpoint } }) => {
    if (endpoint.kind !== 'fleet') throw new Error('expected a fleet');
    return endpoint.offer;
  });
}

describe('fleet.offer', () => {
  it('is tools alone without it, with their hints for every method', () => {
    const hint = { ttlMs: 250, cacheScope: 'private' };
    expect(offers('fleet: { tools: { ttl: 250ms, cacheScope: private } }')).toEqual([
      {
        resources: 0,
        resourceBytes: 4096,
        templates: 0,
        prompts: 0,
        hints: {
          'server/discover': hint,
          'tools/list': hint,
          'prompts/list': hint,
          'resources/list': hint,
          'resources/templates/list': hint,
          'resources/read': hint,
        },
      },
    ]);
  });

  it('gives numbers, and hints of single methods, member by member', () => {
    const [offer] = offers(
      `fleet: { tools: { ttl: 1m }, offer: { pageSize: 5, resources: 7, resourceBytes: 2KiB, templates: 2, prompts: 3,
         hints: { resources/read: { ttl: 0s }, prompts/list: { cacheScope: private } } } }`,
    );
    expect(offer).toMatchObject({
      pageSize: 5,
      resources: 7,
      resourceBytes: 2048,
      templates: 2,
      prompts: 3,
      hints: {
        'tools/list': { ttlMs: 60_000, cacheScope: 'public' },
        'resources/read': { ttlMs: 0, cacheScope: 'public' },
        'prompts/list': { ttlMs: 60_000, cacheScope: 'private' },
      },
    });
  });

  it('has the fixtures of the conformance suite only when it is asked for them', () => {
    const [asked, not] = [true, false].flatMap((value) =>
      offers(`fleet: { offer: { conformance: ${value} } }`),
    );
    expect(asked).toMatchObject({ conformance: true });
    expect(not).not.toHaveProperty('conformance');
  });

  it('is varied: the default alone, or one hint alone', () => {
    const all = offers(
      'fleet: { offer: { hints: { resources/read: { ttl: 5s } } } }',
      `variants: [
         { name: short, fleet.tools.ttl: 1s },
         { name: reads, fleet.offer.hints.resources/read.ttl: 2s },
         { name: discovery, fleet: { offer: { hints: { server/discover: { ttl: 3s } } } } }]`,
    );
    const ttls = all.map(({ hints }) =>
      (['tools/list', 'resources/read', 'server/discover'] as const).map((method) => hints[method].ttlMs),
    );
    expect(ttls).toEqual([
      [1000, 5000, 1000],
      [300_000, 2000, 300_000],
      [300_000, 5000, 3000],
    ]);
  });

  it.each([
    [
      'fleet: { offer: { pageSize: 0 } }',
      /fleet.offer.pageSize: 0 is not valid; expected a whole number from 1 to 10000/,
    ],
    [
      'fleet: { offer: { hints: { tools/call: { ttl: 1s } } } }',
      /fleet.offer.hints.tools\/call: unknown key; expected server\/discover, tools\/list/,
    ],
    [
      'fleet: { offer: { hints: { tools/list: { ttl: 48h } } } }',
      /fleet.offer.hints.tools\/list.ttl: "48h" is not valid; expected a duration .* to 24h/,
    ],
    [
      'fleet: { era: sessions, offer: { conformance: true } }',
      /fleet.offer.conformance: needs the era stateless/,
    ],
    [
      'fleet: { server: { command: node x }, offer: { resources: 2 } }',
      /fleet.offer: has no effect on a server started by a command, which offers what it has/,
    ],
  ])('%s is refused', (line, expected) => {
    const problems = problemsOf(() => offers(line));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });
});
