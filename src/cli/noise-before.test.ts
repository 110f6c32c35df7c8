import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseProfile } from '../experiment/parse-profile.ts';
import type { ResultDocument } from '../result/document.ts';
import { resultOf } from '../result/history/series.case.ts';
import { scratch } from '../units/scratch.case.ts';
import { noiseBefore } from './noise-before.ts';

const TEXT = `
version: 1
title: Nightly
load: { rate: 400/s, duration: 10s }
calls: [{ tool: echo }]
fleet: { server: lean, instances: 2 }
repetitions: 5
`;
const NOISE = {
  variant: 'default',
  metric: 'responseTime.p50Us',
  repetitions: 3,
  variation: 0.02,
  detectable: 0.13,
  outliers: [],
};

const profile = parseProfile(TEXT, { file: 'profiles/nightly.yaml' });
const earlier = (createdAt: string, over: Partial<ResultDocument> = {}): ResultDocument => ({
  ...resultOf({ responseUs: 1000, profile: profile.document }, createdAt),
  profile: profile.document,
  noise: [NOISE],
  ...over,
});
const { machine } = earlier('2026-10-01T02:00:00.000Z');

describe('the noise that is told before a run', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratch();
  });

  const store = async (path: string, content: unknown): Promise<void> => {
    await mkdir(join(folder, path), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(folder, path, 'result.json'), text);
  };
  const told = (of = profile) =>
    noiseBefore(of, machine, { results: join(folder, 'results'), baselines: join(folder, 'baselines') });

  it('is nothing without an earlier result', async () => {
    expect(await told()).toBeUndefined();
  });

  it('is that of the latest result of the profile, with what the repetitions of this run find', async () => {
    await store('results/2026-10-01T02-00-00-nightly', earlier('2026-10-01T02:00:00.000Z', { noise: [] }));
    await store('results/2026-10-02T02-00-00-nightly-2', earlier('2026-10-02T02:00:00.000Z'));
    await store('results/2026-10-03T02-00-00-other', earlier('2026-10-03T02:00:00.000Z'));
    expect(await told()).toMatch(
      /^noise from repetition to repetition in the result of 2026-10-02 02:00: 2\.0 % in the p50 response time; 5 repetitions find a change of \d+(\.\d)? % in 80 % of comparisons$/,
    );
  });

  it('is that of a baseline where there is no other result', async () => {
    await store('baselines/main/key/2026-10-01T02-00-00-abc', earlier('2026-10-01T02:00:00.000Z'));
    await store('baselines/main/key/2026-10-05T02-00-00-abc', earlier('2026-10-05T02:00:00.000Z'));
    expect(await told()).toContain('result of 2026-10-05 02:00');
  });

  it('says when this run has too few repetitions for a comparison', async () => {
    await store('results/2026-10-02T02-00-00-nightly', earlier('2026-10-02T02:00:00.000Z'));
    const once = parseProfile(TEXT.replace('repetitions: 5', 'repetitions: 1'), {
      file: 'profiles/nightly.yaml',
    });
    expect(await told(once)).toMatch(/comparisons need 3 repetitions, this run has 1$/);
  });

  it.each<[string, unknown]>([
    ['of another workload', earlier('2026-10-02T02:00:00.000Z', { profile: { title: 'Other' } })],
    ['of another machine', earlier('2026-10-02T02:00:00.000Z', { machine: { ...machine, cores: 64 } })],
    ['of other variants', earlier('2026-10-02T02:00:00.000Z', { noise: [{ ...NOISE, variant: 'gone' }] })],
    ['of an older version', { ...earlier('2026-10-02T02:00:00.000Z'), noise: undefined }],
    ['that was cut off', '{"schema": "pacel'],
  ])('is nothing from a result %s', async (_, content) => {
    await store('results/2026-10-02T02-00-00-nightly', content);
    expect(await told()).toBeUndefined();
  });
});
