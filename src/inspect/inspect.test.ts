/** @module Faults that are planted into a server: each is found, and nothing else is. */
import { describe, expect, it } from 'vitest';
import type { InspectOptions } from './inspect.ts';
import { ADMIN, inspected, of, READER, withList } from './inspected.case.ts';
import type { InspectionKind } from './inspection.ts';
import { type Plant, type PlantedOptions, writeEvents, writeGzip } from './planted-server.case.ts';

interface Fault {
  readonly name: string;
  readonly kind: InspectionKind;
  readonly plant: Plant;
  readonly where?: string;
  readonly instances?: readonly string[];
  readonly options?: Partial<InspectOptions>;
}

const BOTH = { identities: [READER, ADMIN] };

/** A reader is shown less. */
const forReader: (result: Parameters<Plant>[0], authorization: string | undefined) => ReturnType<Plant> = (
  result,
  authorization,
) => (authorization === READER.headers['Authorization'] ? withList(result, (all) => all.slice(1)) : result);

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
    plant: of('tools/list', (result, { authorization }) => forReader(result, authorization)),
    options: BOTH,
  },
  {
    name: 'a public list that one caller gets, and another one does not',
    kind: 'public-differs-by-identity',
    plant: of('prompts/list', (result, { authorization }) =>
      authorization === READER.headers['Authorization'] ? { code: -32603, message: 'not for you' } : result,
    ),
    where: 'prompts/list',
    options: BOTH,
  },
  {
    name: 'a public resource that depends on the caller',
    kind: 'public-differs-by-identity',
    plant: of('resources/read', (result, { authorization, params }) =>
      params['uri'] === 'test://two' ? { ...result, contents: [{ text: `for ${authorization}` }] } : result,
    ),
    where: 'resources/read test://two',
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

interface Healthy {
  readonly name: string;
  readonly plant?: Plant;
  readonly instances?: readonly string[];
  readonly write?: NonNullable<PlantedOptions['write']>;
  readonly options?: Partial<InspectOptions>;
}

const HEALTHY: readonly Healthy[] = [
  { name: 'two instances' },
  { name: 'one instance', instances: ['only'] },
  { name: 'instances without names', instances: [] },
  { name: 'three instances in turn', instances: ['a', 'b', 'c'] },
  { name: 'two callers who get the same', options: BOTH },
  {
    name: 'a private list that depends on the caller',
    plant: of('tools/list', (result, { authorization }) => ({
      ...forReader(result, authorization),
      cacheScope: 'private',
    })),
    options: BOTH,
  },
  {
    name: 'members in another order, and other metadata, in each answer',
    plant: of('tools/list', (result, { index }) =>
      withList({ ...result, _meta: { index } }, (all) =>
        all.map((entry) => ({
          ...Object.fromEntries(Object.entries(entry as object).sort(() => (index % 2 === 0 ? 1 : -1))),
          _meta: { index },
        })),
      ),
    ),
  },
  {
    name: 'a ttlMs that counts down to the next change',
    plant: of('tools/list', (result, { index }) => ({ ...result, ttlMs: 60_000 - index })),
  },
  {
    name: 'a ttlMs of 0 for one method, and of a day for one that announces changes',
    plant: (result, { method }) => {
      if ('code' in result) return result;
      if (method === 'tools/list') return { ...result, ttlMs: 86_400_000 };
      return method === 'resources/read' ? { ...result, ttlMs: 0 } : result;
    },
  },
  {
    name: 'a resource that changes all the time',
    plant: of('resources/read', (result, { index }) => ({ ...result, contents: [{ text: `${index}` }] })),
    options: BOTH,
  },
  {
    name: 'versions in another order',
    plant: of('server/discover', (result, { index }) => ({
      ...result,
      supportedVersions: index % 3 === 0 ? ['2026-07-28', '2025-11-25'] : ['2025-11-25', '2026-07-28'],
    })),
  },
  { name: 'a result of a tool without hints', options: { tool: { name: 'alpha', arguments: {} } } },
  { name: 'event streams', write: writeEvents },
  { name: 'compressed answers', write: writeGzip },
  {
    name: 'five thousand tools',
    plant: of('tools/list', () => ({ ...many(5000), ttlMs: 60_000, cacheScope: 'public' })),
  },
  {
    name: 'ninety-nine pages',
    plant: of('prompts/list', (result, { params }) => {
      const page = Number(params['cursor'] ?? 0);
      return { ...result, prompts: [{ name: `p${page}` }], ...(page < 98 && { nextCursor: `${page + 1}` }) };
    }),
    options: { limits: { timeUs: 20e6, requests: 2000 } },
  },
];

const many = (count: number): Parameters<Plant>[0] => ({
  tools: Array.from({ length: count }, (_, place) => ({ name: `tool-${place}`, inputSchema: {} })),
});

describe('a healthy server', () => {
  it.each(HEALTHY)('gives no finding: $name', async ({ options, name: _, ...planted }) => {
    const { findings, complete, methods } = await inspected(planted, options);
    expect(findings).toEqual([]);
    expect(complete).toBe(true);
    expect(methods.filter(({ answered }) => !answered)).toEqual([]);
  });
});

describe('in the sessions era', () => {
  it('the order is judged, and hints are not', async () => {
    const { findings, methods } = await inspected(
      {
        plant: of('tools/list', ({ ttlMs: _, ...result }, { index }) =>
          withList(result, (all) => (index % 5 < 2 ? all : all.toReversed())),
        ),
      },
      { era: 'sessions' },
    );
    expect(findings.map(({ kind, where }) => [kind, where])).toEqual([['order-differs', 'tools/list']]);
    expect(methods.map(({ method }) => method)).toEqual(['tools/list', 'prompts/list']);
  });

  it('what is no handshake is no answer', async () => {
    const { methods } = await inspected(
      { plant: of('initialize', () => ({ nothing: true })) },
      { era: 'sessions' },
    );
    expect(methods).toMatchObject([
      { method: 'tools/list', answered: false },
      { method: 'prompts/list', answered: false },
      { method: 'resources/list', answered: false },
      { method: 'resources/templates/list', answered: false },
    ]);
  });
});
