import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../result/document.ts';
import { runExperiment } from './experiment.ts';
import { tryCalls } from './once.ts';
import { parseProfile } from './parse-profile.ts';

const PROFILES = resolve(import.meta.dirname, '../../profiles');
const TEXT = readFileSync(join(PROFILES, 'flows.yaml'), 'utf8');

const SHORT = [
  'load.rate=25/s',
  'load.warmup=200ms',
  'load.duration=1s',
  'load.agents=4',
  'load.timeout=60s',
];
const profileOf = (...set: readonly string[]) =>
  parseProfile(TEXT, { file: join(PROFILES, 'flows.yaml'), set: [...SHORT, ...set] });

async function summaryOf(...set: readonly string[]): Promise<Summary> {
  const document = await runExperiment({ profile: profileOf(...set) }).result();
  return document.variants[0]!.summary!;
}

const STEPS = [
  'tools/call create_basket',
  'tools/call add_to_basket',
  'tools/call get_basket',
  'tools/list',
  'tools/call close_basket',
].map((call) => `order / ${call}`);

// A busy machine may take its time.
describe('flows against servers that hand out handles', { timeout: 180_000 }, () => {
  it.each([
    ['sdk', 'stateless', 1],
    ['lean', 'stateless', 2],
    ['sdk', 'sessions', 2],
  ])('are completed: %s, %s, %i threads', async (server, era, workers) => {
    const { calls, flows, byCall } = await summaryOf(
      `fleet.server=${server}`,
      `fleet.era=${era}`,
      `load.workers=${workers}`,
      ...(era === 'sessions' ? ['balancer.policy=sticky'] : []),
    );
    expect(calls.details).toEqual([]);
    const { due, completed, failed, byFlow } = flows!;
    expect([completed, failed]).toEqual([due, 0]);
    expect(due).toBeGreaterThan(10);
    expect(byFlow[0]!.steps.map(({ name }) => name)).toEqual(STEPS);
    expect(STEPS.map((name) => byCall[name]!.ok)).toEqual([due, 3 * due, due, due, due]);
  });

  it('fail where a handle is in the memory of another instance, and say at which call', async () => {
    const { flows } = await summaryOf('fleet.server=lean', 'fleet.state={ kind: memory }');
    const { due, completed, failed, byFlow } = flows!;
    expect(failed).toBeGreaterThan(0);
    expect(completed + failed).toBe(due);
    expect(byFlow[0]!.steps[0]!.failed).toEqual({});
  });

  it('are tried once, each call with what the ones before have saved', async () => {
    const tried: string[] = [];
    const tls = { insecure: false };
    for await (const one of tryCalls({ profile: profileOf('fleet.server=lean'), seed: 1, tls }))
      tried.push(`${one.call}: ${one.kind === 'made' ? one.outcome : one.kind}`);
    expect(tried).toEqual(['tools/call echo', ...STEPS].map((call) => `${call}: ok`));
  });
});
