/** @module Faults that are planted into a server: each is found, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { type InspectOptions, inspect } from './inspect.ts';
import type { Inspection, InspectionKind } from './inspection.ts';
import { type Plant, type PlantedOptions, plantedServer } from './planted-server.case.ts';

const READER = { name: 'reader', headers: { Authorization: 'Bearer reader-token' } };
const ADMIN = { name: 'admin', headers: { Authorization: 'Bearer admin-token' } };

async function inspected(
  planted: PlantedOptions,
  options: Partial<InspectOptions> = {},
): Promise<Inspection> {
  const server = await plantedServer(planted);
  try {
    return await inspect({
      url: server.url,
      era: 'stateless',
      headers: {},
      identities: [],
      tls: { insecure: false },
      instanceHeader: 'x-served-by',
      checkIds: true,
      timeoutUs: 5e6,
      limits: { timeUs: 20e6, requests: 500 },
      extent: { connections: 2, rounds: 2, moreRounds: 2, perInstance: 2, resources: 2 },
      ...options,
    });
  } finally {
    await server.close();
  }
}

const LISTS = ['tools', 'prompts', 'resources', 'resourceTemplates'];
const listIn = (result: Readonly<Record<string, unknown>>): string | undefined =>
  LISTS.find((key) => key in result);

/** The result, with its list changed. */
const withList = (
  result: Readonly<Record<string, unknown>>,
  change: (list: readonly unknown[]) => readonly unknown[],
): Readonly<Record<string, unknown>> => {
  const key = listIn(result);
  return key === undefined ? result : { ...result, [key]: change(result[key] as readonly unknown[]) };
};

/** Changes the results of one method. */
const of =
  (method: string, change: Plant): Plant =>
  (result, asked) =>
    asked.method === method && !('code' in result) ? change(result, asked) : result;

interface Fault {
  readonly name: string;
  readonly kind: InspectionKind;
  readonly plant: Plant;
  readonly where?: string;
  readonly instances?: readonly string[];
  readonly options?: Partial<InspectOptions>;
}

const BOTH = { identities: [READER, ADMIN] };

const FAULTS: readonly Fault[] = [
  {
    name: 'no ttlMs',
    kind: 'hint-missing',
    plant: of('tools/list', ({ ttlMs: _, ...result }) => result),
  },
  {
    name: 'no cacheScope',
    kind: 'hint-missing',
    plant: of('server/discover', ({ cacheScope: _, ...result }) => result),
    where: 'server/discover',
  },
  ...[-1, 0.5, '60000', null, [60_000], 1e9].map(
    (ttlMs): Fault => ({
      name: `ttlMs ${JSON.stringify(ttlMs)}`,
      kind: 'hint-malformed',
      plant: of('tools/list', (result) => ({ ...result, ttlMs })),
    }),
  ),
  {
    name: 'an unknown scope',
    kind: 'hint-malformed',
    plant: of('tools/list', (result) => ({ ...result, cacheScope: 'shared' })),
  },
  {
    name: 'a public list that depends on the caller',
    kind: 'public-differs-by-identity',
    plant: of('tools/list', (result, { authorization }) =>
      authorization === READER.headers.Authorization ? withList(result, (all) => all.slice(1)) : result,
    ),
    options: BOTH,
  },
  {
    name: 'a list that depends on the instance',
    kind: 'differs-by-instance',
    plant: of('tools/list', (result, { instance }) =>
      instance === 'b' ? withList(result, (all) => all.slice(1)) : result,
    ),
  },
  {
    name: 'a list that depends on the connection',
    kind: 'differs-by-connection',
    plant: of('tools/list', (result, { connection }) =>
      withList(result, (all) => [...all, { name: `of-connection-${connection}` }]),
    ),
    instances: [],
  },
  {
    name: 'a list that depends on the request',
    kind: 'differs-by-request',
    plant: of('prompts/list', (result, { nth }) =>
      withList(result, (all) => (nth % 3 === 1 ? [...all, { name: 'third' }] : all)),
    ),
    where: 'prompts/list',
    instances: [],
  },
  {
    name: 'a list that changes once',
    kind: 'changed-meanwhile',
    plant: of('prompts/list', (result, { nth }) =>
      withList(result, (all) => (nth >= 3 ? [...all, { name: 'third' }] : all)),
    ),
    where: 'prompts/list',
    instances: [],
  },
  {
    name: 'an order that changes',
    kind: 'order-differs',
    plant: of('tools/list', (result, { index }) =>
      withList(result, (all) => (index % 5 < 2 ? all : all.toReversed())),
    ),
  },
  {
    name: 'pages of different scope',
    kind: 'scope-differs-on-pages',
    plant: of('tools/list', (result, { params }) => ({
      ...result,
      cacheScope: params['cursor'] === undefined ? 'public' : 'private',
    })),
  },
  {
    name: 'an instance with another ttlMs',
    kind: 'hints-differ',
    plant: of('tools/list', (result, { instance }) => ({ ...result, ttlMs: instance === 'a' ? 1000 : 2000 })),
  },
  {
    name: 'hints on a call',
    kind: 'hint-not-allowed',
    plant: of('tools/call', (result) => ({ ...result, ttlMs: 1000, cacheScope: 'public' })),
    where: 'tools/call alpha',
    options: { tool: { name: 'alpha', arguments: {} } },
  },
  {
    name: 'hints on an error',
    kind: 'hint-not-allowed',
    plant: (result) => ('code' in result ? { ...result, data: { ttlMs: 1000 } } : result),
    where: 'tools/list with a wrong cursor',
  },
  {
    name: 'a cursor that leads nowhere',
    kind: 'pages-incomplete',
    plant: of('tools/list', (result, { params }) =>
      params['cursor'] === undefined ? { ...result, nextCursor: 'lost' } : result,
    ),
  },
  {
    name: 'ttlMs 0 everywhere',
    kind: 'caching-off',
    plant: (result) => ('ttlMs' in result ? { ...result, ttlMs: 0 } : result),
    where:
      'server/discover, tools/list, prompts/list, resources/list, resources/templates/list, resources/read',
  },
  {
    name: 'a long ttlMs of a list whose changes are not announced',
    kind: 'no-list-changed',
    plant: of('prompts/list', (result) => ({ ...result, ttlMs: 3_600_000 })),
    where: 'prompts/list',
  },
];

describe('a planted fault', () => {
  it.each(FAULTS)(
    'is found, and nothing else: $name',
    async ({ kind, plant, where = 'tools/list', instances, options }) => {
      const { findings } = await inspected({ plant, ...(instances && { instances }) }, options);
      expect(findings.map((finding) => [finding.kind, finding.where])).toEqual([[kind, where]]);
    },
  );
});
