import { beforeAll, describe, expect, it } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import type { Profile } from '../profile/settings.ts';
import type { ResultDocument } from '../result/document.ts';
import { settingsOf, startFor } from '../testbed/profile-testbed.case.ts';
import { runExperiment } from './experiment.ts';
import type { Plan, Trial } from './plan/plan.ts';

const profileOf = (endpoint: string, duration = '200ms'): Profile =>
  parseProfile(
    `version: 1
load: { rate: 50/s, warmup: 0s, duration: ${duration}, agents: 4, connections: 4 }
calls: [{ list: tools }]
${endpoint}
variants: [{ name: a }, { name: b }]
repetitions: 2`,
    'profile.yaml',
  );

const FLEET = 'fleet: { server: lean, instances: 1 }';

/** Of trials whose server runs already. */
let profile: Profile;
beforeAll(async () => {
  const { instances, stop } = await startFor(settingsOf(FLEET));
  profile = profileOf(`target: { url: "${instances[0]!.url}", era: stateless }`);
  return stop;
});

/** Repeats the first variant until it has `enough` calls: what is run depends on the results. */
function untilEnough(enough: number): Plan {
  const variant = profile.variants[0]!;
  const next: Plan['next'] = (done): Trial | undefined => {
    const calls = done.reduce((sum, { repetition }) => sum + repetition.calls.due, 0);
    return calls >= enough ? undefined : { variant, variantIndex: 0, index: done.length, order: done.length };
  };
  return { next, ahead: (done) => [next(done) ?? []].flat() };
}

describe('an experiment', () => {
  it('runs the trials of the profile while its events are read, and hands over a complete document after each', async () => {
    const experiment = runExperiment({ profile });
    const seen: string[] = [];
    const documents: ResultDocument[] = [];
    for await (const event of experiment) {
      if (event.kind === 'trial-started')
        seen.push(`start ${event.trial.order}, ${event.ahead.length} ahead`);
      if (event.kind === 'trial-ended') {
        seen.push(`end ${event.trial.order}`);
        documents.push(event.document);
      }
    }
    expect(seen).toEqual(
      [0, 1, 2, 3].flatMap((order) => [`start ${order}, ${3 - order} ahead`, `end ${order}`]),
    );
    expect(documents.map(({ complete }) => complete)).toEqual([false, false, false, true]);
    const last = await experiment.result();
    expect(last.variants.map(({ repetitions }) => repetitions.length)).toEqual([2, 2]);
  });

  it('follows a plan whose next trial depends on the results so far', async () => {
    const document = await runExperiment({ profile, plan: untilEnough(25) }).result();
    expect(document.complete).toBe(true);
    expect(document.variants.map(({ repetitions }) => repetitions.length)).toEqual([3, 0]);
  });

  it('ends the trial under way and leaves no process behind when its loop is left', async () => {
    const processes = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
    const before = processes();
    let during = 0;
    for await (const event of runExperiment({ profile: profileOf(FLEET, '60s') })) {
      during = processes();
      if (event.kind === 'progress') break;
    }
    expect(during).toBeGreaterThan(before);
    await expect.poll(processes, { interval: 10 }).toBe(before);
  });

  it('keeps what was measured when it is aborted', async () => {
    const controller = new AbortController();
    const experiment = runExperiment({ profile, signal: controller.signal });
    for await (const event of experiment) if (event.kind === 'trial-ended') controller.abort();
    const document = await experiment.result();
    expect(document.complete).toBe(false);
    expect(document.variants.flatMap(({ repetitions }) => repetitions)).toHaveLength(1);
  });
});
