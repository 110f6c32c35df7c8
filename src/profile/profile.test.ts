import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { parseProfile, readProfile } from './profile.ts';
import { METRICS, only, PROFILE, withLines } from './sample-profile.case.ts';
import type { BoundedMetric } from './section/bounded-metric.ts';
import { completeOffer } from './section/offer.ts';
import type { FleetSettings, ServiceTime, Settings } from './settings.ts';

const FOLDER = join(import.meta.dirname, '../../profiles');

/** What a shipped profile bounds beside {@link METRICS}. */
const FLOW_ERRORS: BoundedMetric = {
  name: 'flow_error_rate',
  unit: 'share',
  isDistribution: false,
  isDefault: false,
  byCall: false,
  byFlow: true,
};

describe('the shipped profiles', async () => {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml'));

  it.each(files)('%s can be run', async (file) => {
    const profile = await readProfile(join(FOLDER, file), { metrics: async () => [...METRICS, FLOW_ERRORS] });
    expect(profile.variants.length).toBeGreaterThan(0);
    expect(profile.notices).toEqual([]);
  });

  it('the quickstart is a few seconds of one variant', async () => {
    const { variants, repetitions } = await readProfile(join(FOLDER, 'quickstart.yaml'));
    const { load, endpoint } = variants[0]!.settings;
    expect([variants.length, repetitions, load.warmupUs + load.durationUs]).toEqual([1, 1, 4e6]);
    expect(endpoint).toMatchObject({ kind: 'fleet', server: 'sdk', era: 'stateless', instances: 2 });
  });

  it('the demo answers each of its questions by variants with a base of their own, within 150 s', async () => {
    const { variants, repetitions } = await readProfile(join(FOLDER, 'demo.yaml'));
    const asked = variants.map(({ name, base, question }) => [question, base ?? 'the base', name]);
    expect(asked).toEqual([
      ['What do sticky sessions cost or break?', 'the base', 'stateless, round-robin'],
      [undefined, 'stateless, round-robin', 'sessions, round-robin'],
      [undefined, 'stateless, round-robin', 'sessions, sticky'],
      ['What does the auth check on every call cost?', 'the base', 'no check'],
      ['What does the auth check on every call cost?', 'no check', 'jwt'],
      ['What does the auth check on every call cost?', 'no check', 'introspection'],
      ['What does keeping lists for ttlMs gain?', 'the base', 'lists asked for every time'],
      ['What does keeping lists for ttlMs gain?', 'lists asked for every time', 'lists kept for ttlMs'],
    ]);
    const trial = variants.map(({ settings: { load } }) => load.warmupUs + load.durationUs);
    const startAndStopUs = 2e6;
    const us = trial.reduce((sum, each) => sum + each + startAndStopUs, 0) * repetitions;
    expect(us).toBeLessThan(150e6);
    expect(repetitions).toBeGreaterThanOrEqual(3);
  });

  it('sticky against round-robin has four variants, three times each', async () => {
    const { variants, repetitions } = await readProfile(join(FOLDER, 'sticky-vs-round-robin.yaml'));
    const seen = variants.map(({ name, settings }) => [
      name,
      (settings.endpoint as FleetSettings).era,
      settings.balancer?.policy,
    ]);
    expect(repetitions).toBe(3);
    expect(seen).toEqual([
      ['stateless, round-robin', 'stateless', 'round-robin'],
      ['sessions, round-robin', 'sessions', 'round-robin'],
      ['sessions, sticky', 'sessions', 'sticky'],
      ['sessions, hash-session', 'sessions', 'hash-session'],
    ]);
  });
});

describe('a profile', () => {
  it('has every default filled in', () => {
    const settings: Settings = only(PROFILE);
    expect(settings).toEqual({
      load: {
        shape: { kind: 'rate', perSecond: 100 },
        arrivals: 'constant',
        warmupUs: 2e6,
        durationUs: 10e6,
        agents: 64,
        connections: 64,
        maxConnections: 10_000,
        timeoutUs: 5e6,
        workers: 'auto',
        driver: 'wire',
        maxInFlight: 10_000,
        checkIds: true,
      },
      agents: { cookies: 'keep', apps: false },
      calls: [{ name: 'tools/list', method: 'tools/list', weight: 1, pages: 'all' }],
      endpoint: {
        kind: 'fleet',
        server: 'sdk',
        era: 'stateless',
        instances: 4,
        tools: {
          catalogue: 12,
          work: { kind: 'constant', us: 5000 },
          reportBytes: 65_536,
          ttlMs: 300_000,
          cacheScope: 'public',
        },
        offer: completeOffer({ ttlMs: 300_000, cacheScope: 'public' }),
        instanceHeader: 'x-served-by',
      },
      balancer: { engine: 'embedded', policy: 'round-robin' },
      auth: {
        mode: 'none',
        algorithm: 'ES256',
        policy: 'none',
        cacheTtlUs: 10e6,
        lifetimeUs: 3600e6,
        revocation: 'expiry',
        per: 'agent',
        graceUs: 100e3,
        requires: {},
        server: { delayUs: 0 },
        plant: { checkBusyUs: 0 },
        timing: { header: 'server-timing', auth: 'auth', policy: 'policy' },
        audit: true,
      },
      identities: [],
      events: [],
      catalogueEvents: [],
      cache: {
        honour: false,
        at: 'agent',
        singleFlight: false,
        jitter: 0,
        staleIfErrorUs: 0,
        subscribe: false,
      },
    });
  });

  it('takes its title from the file, and is run once when it has one variant', () => {
    const profile = parseProfile(PROFILE, 'some/folder/my-server.yaml');
    expect([profile.title, profile.repetitions, profile.variants[0]!.name]).toEqual([
      'my-server',
      1,
      'default',
    ]);
  });

  it('keeps the document as it was written', () => {
    expect(parseProfile(PROFILE, 'p.yaml').document).toEqual({
      version: 1,
      load: { rate: '100/s' },
      calls: [{ list: 'tools' }],
      fleet: {},
    });
  });

  it('names calls after method and tool, and keeps their arguments raw', () => {
    const { calls } = only(
      withLines('calls: [{ tool: echo, weight: 2.5, arguments: { n: "{{seq}}" } }, { tool: work }]'),
    );
    expect(calls).toEqual([
      {
        name: 'tools/call echo',
        method: 'tools/call',
        tool: 'echo',
        weight: 2.5,
        arguments: { n: '{{seq}}' },
      },
      { name: 'tools/call work', method: 'tools/call', tool: 'work', weight: 1, arguments: {} },
    ]);
  });

  it('reads anchors and merge keys', () => {
    const text = withLines('calls: [&e { tool: echo, weight: 3 }, { <<: *e, weight: 4 }]');
    expect(only(text).calls.map(({ name, weight }) => [name, weight])).toEqual([
      ['tools/call echo', 3],
      ['tools/call echo', 4],
    ]);
  });

  it('has settings that can be handed to another thread', () => {
    const settings = only(withLines('calls: [{ tool: echo, arguments: { text: "{{uuid}}" } }]'));
    expect(structuredClone(settings)).toEqual(settings);
  });

  it.each<[string, ServiceTime]>([
    ['250us', { kind: 'constant', us: 250 }],
    ['{ uniform: { min: 1ms, max: 2ms } }', { kind: 'uniform', minUs: 1000, maxUs: 2000 }],
    ['{ exponential: { mean: 3ms } }', { kind: 'exponential', meanUs: 3000 }],
    ['{ lognormal: { median: 4ms, sigma: 0.5 } }', { kind: 'lognormal', medianUs: 4000, sigma: 0.5 }],
    [
      '{ bimodal: { fast: 1ms, slow: 1s, slowShare: 0.01 } }',
      { kind: 'bimodal', fastUs: 1000, slowUs: 1e6, slowShare: 0.01 },
    ],
  ])('work: %s', (work, expected) => {
    const { endpoint } = only(withLines(`fleet: { tools: { work: ${work}, reportBytes: 64KiB } }`));
    expect((endpoint as FleetSettings).tools).toMatchObject({ work: expected, reportBytes: 65_536 });
  });

  it('a target has no balancer', () => {
    const settings = only(
      withLines('fleet:', 'target: { url: "http://127.0.0.1:1/mcp", headers: { X-A: b } }'),
    );
    expect(settings.balancer).toBeUndefined();
    expect(settings.endpoint).toEqual({
      kind: 'target',
      url: 'http://127.0.0.1:1/mcp',
      era: 'auto',
      headers: { 'X-A': 'b' },
      instanceHeader: 'x-served-by',
    });
  });

  it('has instances that run already behind a balancer', () => {
    const text = withLines(
      'fleet:',
      'target: { instances: ["http://a/mcp", "http://b/mcp"], instanceHeader: X-Pod }',
      'balancer: { policy: sticky }',
    );
    expect(only(text)).toMatchObject({
      endpoint: {
        kind: 'replicas',
        urls: ['http://a/mcp', 'http://b/mcp'],
        era: 'auto',
        headers: {},
        instanceHeader: 'x-pod',
      },
      balancer: { engine: 'embedded', policy: 'sticky' },
    });
  });

  it('has servers that are finite, or take time for lists, only when it says so', () => {
    const tools = (text: string) =>
      (only(withLines(`fleet: { tools: ${text} }`)).endpoint as FleetSettings).tools;
    expect(tools('{ concurrency: 2, list: 3ms }')).toMatchObject({ concurrency: 2, listUs: 3000 });
    expect(tools('{ list: 0s }')).not.toHaveProperty('listUs');
    expect(tools('{}')).not.toHaveProperty('concurrency');
  });

  it('starts a server by its command, in the folder of the profile', () => {
    const text = withLines('fleet: { server: { command: node x, env: { LEVEL: "1" } } }');
    const { variants } = parseProfile(text, '/some/folder/p.yaml');
    expect((variants[0]!.settings.endpoint as FleetSettings).server).toEqual({
      command: 'node x',
      env: { LEVEL: '1' },
      cwd: '/some/folder',
      readyWithinUs: 30e6,
      path: '/mcp',
    });
    const more = withLines('fleet: { server: { command: [a, "{{port}}"], cwd: ../b, ready: 2s, path: /x } }');
    expect(
      (parseProfile(more, '/some/folder/p.yaml').variants[0]!.settings.endpoint as FleetSettings).server,
    ).toEqual({ command: ['a', '{{port}}'], env: {}, cwd: '/some/b', readyWithinUs: 2e6, path: '/x' });
  });

  it('leaves braces alone that are escaped, and white space around the port', () => {
    const text = withLines("fleet: { server: { command: 'x {{ port }} \\{{.State}}', env: { A: '\\{{' } } }");
    expect((only(text).endpoint as FleetSettings).server).toMatchObject({
      command: 'x {{ port }} \\{{.State}}',
      env: { A: '\\{{' },
    });
  });

  it('records no value of the environment of a server, wherever it is given', () => {
    const text = withLines(
      'fleet: { server: { command: node x, env: { A: hush } } }',
      'variants: [{ name: a, fleet.server.env.A: hush }, { name: b, fleet.server.env: { B: hush } }, { name: c, fleet: { server: { env: { C: hush } } } }]',
    );
    const { document, variants } = parseProfile(text, 'p.yaml');
    const envs = variants.map(({ settings }) => (settings.endpoint as FleetSettings).server);
    expect(JSON.stringify(envs).match(/hush/g)?.length).toBeGreaterThan(3);
    expect(JSON.stringify([document, variants.map(({ overrides }) => overrides)])).not.toContain('hush');
  });
});

describe('the shape of the load', () => {
  const stage = (durationUs: number, fromPerSecond: number, toPerSecond: number): object => ({
    durationUs,
    fromPerSecond,
    toPerSecond,
  });

  it.each([
    ['the first stage holds its own rate', '[{ duration: 1s, rate: 10/s }]', [stage(1e6, 10, 10)]],
    ['or starts where it is told', '[{ duration: 1s, rate: 10/s, from: 0/s }]', [stage(1e6, 0, 10)]],
    [
      'the next goes on from there',
      '[{ duration: 1s, rate: 10/s }, { duration: 2s, rate: 1k/s }]',
      [stage(1e6, 10, 10), stage(2e6, 10, 1000)],
    ],
    [
      'a step jumps',
      '[{ duration: 1s, rate: 10/s }, { duration: 2s, rate: 20/s, step: true }]',
      [stage(1e6, 10, 10), stage(2e6, 20, 20)],
    ],
    [
      'a spike leaves no trace',
      '[{ duration: 1s, rate: 10/s }, { duration: 1s, spike: 90/s }, { duration: 1s, rate: 10/s }]',
      [stage(1e6, 10, 10), stage(1e6, 90, 90), stage(1e6, 10, 10)],
    ],
    [
      'not even at the start',
      '[{ duration: 1s, spike: 90/s }, { duration: 1s, rate: 10/s }]',
      [stage(1e6, 90, 90), stage(1e6, 10, 10)],
    ],
  ])('%s', (_, stages, expected) => {
    const { load } = only(withLines(`load: { stages: ${stages} }`));
    expect(load.shape).toEqual({ kind: 'stages', stages: expected });
    expect(load.durationUs).toBe(expected.length * 1e6 + (stages.includes('2s') ? 1e6 : 0));
  });

  it('is closed with concurrency', () => {
    const { load } = only(withLines('load: { concurrency: 32, workers: 2, duration: 500ms }'));
    expect(load).toMatchObject({
      shape: { kind: 'closed', concurrency: 32 },
      workers: 2,
      durationUs: 500_000,
    });
  });
});

describe('a file', () => {
  it('that is not there, or is a folder, or is not text, is a fault', async () => {
    const folder = scratch();
    const binary = join(folder, 'binary.yaml');
    await writeFile(binary, Buffer.from([0xff, 0xfe, 0x00]));
    const missing = join(folder, 'missing.yaml');
    await expect(readProfile(missing)).rejects.toThrow(
      `${missing}: the file does not exist; expected a YAML profile`,
    );
    await expect(readProfile(folder)).rejects.toThrow(`${folder}: is a folder; expected a YAML profile`);
    await expect(readProfile(binary)).rejects.toThrow(
      `${binary}: is not UTF-8 text; expected a YAML profile`,
    );
  });
});
