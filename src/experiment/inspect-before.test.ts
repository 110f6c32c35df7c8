/** @module The inspection before a load: made where it is of use, as the identities of the load, and never a reason to fail. */
import { describe, expect, it } from 'vitest';
import type { LoadAuth } from '../generator/engine/load-auth.ts';
import type { LoadPlan } from '../generator/engine/plan.ts';
import { type PlantedOptions, plantedServer } from '../inspect/planted-server.case.ts';
import type { CacheSettings } from '../profile/section/cache.ts';
import { inspectBefore } from './inspect-before.ts';
import { parseProfile } from './parse-profile.ts';

const PROFILE = `
version: 1
target: { url: http://127.0.0.1:1/mcp, era: stateless }
load: { rate: 10/s }
calls: [{ list: tools }, { tool: echo }]
`;

const { settings } = parseProfile(PROFILE, { file: 'profile.yaml' }).variants[0]!;

const planFor = (url: string): LoadPlan => ({
  load: settings.load,
  calls: settings.calls,
  url,
  era: 'stateless',
  headers: {},
  seed: 1,
  instanceHeader: 'x-served-by',
  tls: { insecure: false },
  cache: { settings: settings.cache, keepsLookupLog: true, changes: [] },
});

const auth: LoadAuth = {
  scheme: 'Bearer',
  mode: 'jwt',
  identities: [
    { name: 'refused', agents: 2, expected: ['forbidden', 'allow'] },
    { name: 'readers', agents: 1, expected: ['allow', 'forbidden'] },
    { name: 'writers', agents: 1, expected: ['allow', 'allow'] },
    { name: 'others', agents: 1, expected: ['allow', 'allow'] },
  ],
  tokens: ['refused-1', 'refused-2', 'reader-token', 'writer-token', 'other-token'],
  perCall: false,
  url: 'http://127.0.0.1/mcp',
  graceUs: 0,
  timing: settings.auth.timing,
  keepsSentLog: false,
  events: [],
};

/** What the inspection gave, and the credentials that the server saw. */
async function inspected(
  change: (plan: LoadPlan) => LoadPlan = (plan) => plan,
  planted: PlantedOptions = {},
): Promise<{
  readonly given: Awaited<ReturnType<typeof inspectBefore>>;
  readonly seen: readonly (string | undefined)[];
}> {
  const server = await plantedServer(planted);
  try {
    const given = await inspectBefore(change(planFor(server.url)));
    return { given, seen: [...new Set(server.asked.map(({ authorization }) => authorization))] };
  } finally {
    await server.close();
  }
}

const shared: CacheSettings = { ...settings.cache, honour: true, at: 'gateway' };

describe('the inspection before a load', () => {
  it('says what a server offers that is healthy, and finds nothing', async () => {
    const { given, seen } = await inspected();
    expect(given.notes).toEqual([]);
    expect(given.inspection?.methods.map(({ method }) => method)).toEqual([
      'server/discover',
      'tools/list',
      'prompts/list',
      'resources/list',
      'resources/templates/list',
      'resources/read',
    ]);
    expect(given.inspection?.findings).toEqual([]);
    expect(seen).toEqual([undefined]);
  });

  it.each<[string, (plan: LoadPlan) => LoadPlan]>([
    ['no call can be kept', ({ cache: _, ...plan }) => plan],
    ['the era has no hints', (plan) => ({ ...plan, era: 'sessions' })],
    [
      'a cache of the balancer would be filled by it',
      (plan) => ({ ...plan, cache: { settings: shared, keepsLookupLog: true, changes: [] } }),
    ],
    ['each call needs a proof of possession', (plan) => ({ ...plan, auth: { ...auth, scheme: 'DPoP' } })],
    [
      'no identity may list',
      (plan) => ({ ...plan, auth: { ...auth, identities: auth.identities.slice(0, 1) } }),
    ],
  ])('asks nothing where %s', async (_, change) => {
    const { given, seen } = await inspected(change);
    expect(given).toEqual({ notes: [] });
    expect(seen).toEqual([]);
  });

  it('asks as the first agents of two identities that are let through, and compares them', async () => {
    const { given, seen } = await inspected((plan) => ({ ...plan, auth }), {
      plant: (result, { method, authorization }) =>
        method === 'prompts/list' && authorization === 'Bearer writer-token'
          ? { ...result, prompts: [] }
          : result,
    });
    expect(seen).toEqual(['Bearer reader-token', 'Bearer writer-token']);
    expect(given.inspection?.findings.map(({ kind, where }) => [kind, where])).toEqual([
      ['public-differs-by-identity', 'prompts/list'],
    ]);
    expect(given.inspection?.findings[0]?.evidence).toContain('first readers, second writers');
    expect(JSON.stringify(given)).not.toContain('-token');
  });

  it('notes a server that refuses everything, and fails for nothing', async () => {
    const { given } = await inspected(undefined, {
      plant: () => ({ code: -32603, message: 'database is away' }),
    });
    expect(given).toEqual({
      notes: [{ kind: 'inspection-failed', part: 'inspection', reason: '-32603 database is away' }],
    });
  });

  it('notes a server that is gone', async () => {
    const { notes } = await inspectBefore(planFor('http://127.0.0.1:1/mcp'));
    expect(notes).toMatchObject([{ kind: 'inspection-failed', reason: 'ECONNREFUSED 127.0.0.1:1' }]);
  });
});
