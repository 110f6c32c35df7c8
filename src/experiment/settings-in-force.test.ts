import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import type { Variant } from '../profile/settings.ts';
import { VariantSettings } from '../result/settings.ts';
import { settingsInForce } from './settings-in-force.ts';

/** The only variant of a profile of these lines. */
function variantOf(load: string, ...lines: readonly string[]): Variant {
  const start = ['version: 1', `load: ${load}`, 'calls: [{ list: tools }]'];
  return parseProfile([...start, ...lines].join('\n'), '/profiles/p.yaml').variants[0]!;
}

/** What the result records of it, as it is read again. */
const recorded = (variant: Variant, era?: 'sessions'): VariantSettings =>
  VariantSettings.parse(JSON.parse(JSON.stringify(settingsInForce(variant, era))));

const RATE = '{ rate: 400/s, warmup: 2s, duration: 10s }';

describe('the settings in force', () => {
  it('are complete: load, fleet and balancer with all defaults', () => {
    const { effective } = recorded(variantOf(RATE, 'fleet: { server: lean, instances: 2 }'));
    expect(effective).toMatchObject({
      load: {
        shape: { kind: 'rate', perSecond: 400 },
        arrivals: 'constant',
        warmupUs: 2_000_000,
        durationUs: 10_000_000,
        timeoutUs: 5_000_000,
        driver: 'wire',
        workers: 'auto',
      },
      fleet: {
        server: 'lean',
        command: null,
        era: 'stateless',
        instances: 2,
        tools: { work: { kind: 'constant' }, cacheScope: expect.any(String) },
      },
      balancer: { engine: 'embedded', policy: 'round-robin' },
    });
  });

  it('say how calls are checked, who makes them and what changes, without a secret', () => {
    vi.stubEnv('PACELINE_TEST_ID', 'not-for-results');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { effective } = recorded(
      variantOf(
        RATE,
        'fleet: { server: lean, instances: 2 }',
        'auth: { mode: jwt, server: { delay: 5ms }, plant: { checkBusy: 200us, skipOn: 2 } }',
        'identities: [{ name: readers, agents: 64, scopes: ["tool:echo"] }]',
        'events: [{ at: 1s, revoke: 1 }]',
      ),
    );
    expect(effective).toMatchObject({
      auth: { mode: 'jwt', authorityDelayUs: 5000, plant: { checkBusyUs: 200, skipOn: 2 } },
      identities: [{ name: 'readers', agents: 64, scopes: ['tool:echo'], token: 'valid' }],
      events: [{ kind: 'revoke', atUs: 1e6, forUs: 0, agents: 1 }],
    });
    const target = recorded(
      variantOf(
        RATE,
        'target: { url: "http://127.0.0.1:1/mcp" }',
        'identities: [{ name: app, agents: 64, token: { clientIdEnv: PACELINE_TEST_ID, secretEnv: PACELINE_TEST_SECRET } }]',
      ),
    );
    expect(target.effective!.identities).toMatchObject([{ name: 'app', token: 'client-credentials' }]);
    expect(JSON.stringify(target)).not.toMatch(/not-for-results|PACELINE_TEST_SECRET/);
  });

  it.each([
    [
      '{ stages: [{ duration: 1s, rate: 10/s }, { duration: 2s, rate: 50/s }], arrivals: poisson, warmup: 1s }',
      {
        kind: 'stages',
        stages: [
          { durationUs: 1_000_000, fromPerSecond: 10, toPerSecond: 10 },
          { durationUs: 2_000_000, fromPerSecond: 10, toPerSecond: 50 },
        ],
      },
      '10/s for 1 s, then 10 to 50/s for 2 s, Poisson arrivals, for 3 s after 1 s of warm-up',
    ],
    [
      '{ concurrency: 8, warmup: 1s, duration: 5s }',
      { kind: 'closed', concurrency: 8 },
      'closed loop of 8, for 5 s after 1 s of warm-up',
    ],
    [RATE, { kind: 'rate', perSecond: 400 }, '400/s, constant arrivals, for 10 s after 2 s of warm-up'],
  ])('have the load of %s as data and in words', (load, shape, words) => {
    const settings = recorded(variantOf(load, 'fleet: { server: lean }'));
    expect(settings.effective!.load.shape).toEqual(shape);
    expect(settings.load).toBe(words);
  });

  it('name a command without its environment and its folder', () => {
    const server = '{ command: [node, "my server.mjs"], env: { TOKEN: s3cr3t }, cwd: /home/me/private }';
    const settings = recorded(variantOf(RATE, `fleet: { server: ${server} }`));
    const command = 'node "my server.mjs"';
    expect(settings.server).toBe(command);
    expect(settings.effective!.fleet).toMatchObject({ server: 'command', command, tools: null });
    for (const secret of ['s3cr3t', 'private']) expect(JSON.stringify(settings)).not.toContain(secret);
  });

  it('of a target have neither fleet nor balancer, no credential, and the era that was detected', () => {
    const target =
      'target: { url: "https://host/mcp?token=s3cr3t", headers: { authorization: "Bearer s3cr3t" }, proxy: "http://me:s3cr3t@proxy:1" }';
    const variant = variantOf('{ rate: 1/s, driver: undici }', target);
    const settings = recorded(variant, 'sessions');
    expect(settings).toMatchObject({
      target: 'https://host/mcp?token=(not-recorded)',
      proxy: 'http://proxy:1',
      era: 'sessions',
      effective: { fleet: null, balancer: null },
    });
    expect(JSON.stringify(settings)).not.toContain('s3cr3t');
  });

  it('of instances that run already have a balancer and no fleet', () => {
    const target = 'target: { instances: ["http://127.0.0.1:1/mcp", "http://127.0.0.1:2/mcp"] }';
    const { effective, instances } = recorded(variantOf(RATE, target, 'balancer: { policy: sticky }'));
    expect([effective!.fleet, effective!.balancer, instances]).toEqual([
      null,
      { engine: 'embedded', policy: 'sticky' },
      2,
    ]);
  });
});
