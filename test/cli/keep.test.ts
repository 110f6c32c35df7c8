/** @module `paceline run --keep` and `--verbose`: what a trial generated, and more about how it went. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { paceline, profileFile, scratch } from './paceline.ts';

const PROFILE = `version: 1
title: Kept
load: { rate: 40/s, warmup: 100ms, duration: 500ms, agents: 2, connections: 2 }
calls: [{ list: tools }]
fleet: { server: lean, instances: 2 }
variants: [{ name: first }, { name: "second: a/b" }]
repetitions: 1`;

it('keeps the output of servers and balancer in a folder per trial, and says more about each trial', async () => {
  const keep = join(scratch(), 'kept');
  const { stderr } = await paceline('run', profileFile(PROFILE), '--keep', keep, '--verbose');
  const folders = readdirSync(keep).sort();
  expect(folders.map((name) => name.replace(/^\d+-/, '')).sort()).toEqual(['first-1', 'second-a-b-1']);
  for (const folder of folders) {
    expect(readdirSync(join(keep, folder)).sort()).toEqual([
      'balancer.log',
      'instance-1.log',
      'instance-2.log',
      'recording.json',
    ]);
    expect(stderr).toContain(`kept       ${join(keep, folder)}\n`);
  }
  expect(stderr).toMatch(/^Kept: 2 variants, 2 trials, about 0:0\d in all/);
  expect(stderr).toMatch(/\n {2}generator {2}wire, 1 worker, CPU \S+ %, garbage collection \S+ %\n/);
  expect(stderr).toMatch(/\n {2}instances {2}1 \d+, 2 \d+\n/);
});

it('refuses a folder that cannot be made', async () => {
  const { code, stderr } = await paceline('run', profileFile(PROFILE), '--keep', '/proc/kept');
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /paceline: --keep: cannot make the folder \/proc\/kept\/\S+ \(\w+\) \(choose a folder with write access\)/,
  );
  expect(stderr).not.toContain('    at ');
});
