import { describe, expect, it } from 'vitest';
import { parseProfile } from '../experiment/parse-profile.ts';
import { fixedPlan } from '../experiment/plan/fixed.ts';
import { NO_PROGRESS, ProgressCount } from '../generator/engine/progress.ts';
import type { Repetition } from '../result/document.ts';
import { VirtualClock } from '../units/virtual-clock.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const PROFILE = parseProfile(`
version: 1
load: { rate: 100/s, warmup: 2s, duration: 8s }
calls: [{ list: tools }]
fleet: {}
variants: [{ name: a }, { name: b }]
repetitions: 2
`);

describe('the line of a trial', () => {
  it.each([
    [0, 'trial 1/4  %: 0 calls, p50 –, p99 –, 0/s, interrupted'],
    [2, 'trial 1/4  %: 2 calls, 50.0 % ok, p50 –, p99 –, 0/s, interrupted'],
  ])('says of %i calls what is known of them', (due, line) => {
    const said: string[] = [];
    const terminal = { status: () => undefined, say: (text: string) => said.push(text) };
    const progress = createProgress(terminal as unknown as Terminal, new VirtualClock());
    const [trial, ...ahead] = fixedPlan(PROFILE, 1).ahead([]);
    progress.trialStart(trial!, ahead);
    progress.trialEnd(trial!, {
      calls: { due, errorRate: due === 0 ? 0 : 0.5 },
      responseTime: { count: 0 },
      rate: { achievedPerSecond: 0 },
      generator: { bound: false },
      complete: false,
    } as unknown as Repetition);
    expect(said).toEqual([line.replace('%', `${trial!.variant.name} #1`)]);
  });
});

describe('the progress display', () => {
  it('shows rate, percentiles and failures so far, and the time left of all trials', () => {
    const lines: string[] = [];
    const nothing = (): void => undefined;
    const terminal: Terminal = {
      live: true,
      say: nothing,
      tell: nothing,
      tellAnyway: nothing,
      print: () => Promise.resolve(),
      status: (line) => lines.push(line),
    };
    const clock = new VirtualClock();
    const progress = createProgress(terminal, clock);
    const [trial, ...ahead] = fixedPlan(PROFILE, 1).ahead([]);
    progress.trialStart(trial!, ahead);
    // Four trials of 10 s under load, and 2 s each to start and stop.
    expect(lines.at(-1)).toMatch(/^\[\.{12}\] 0:48 left {2}1\/4 {2}starting {2}[ab]$/);
    progress.preparing({ what: 'tokens', done: 3200, of: 10_000 });
    expect(lines.at(-1)).toMatch(/ 0:48 left {2}1\/4 {2}tokens 3,200 of 10,000 {2}[ab]$/);
    clock.advance(1e6);
    progress.load(NO_PROGRESS);
    expect(lines.at(-1)).toMatch(/ 0:47 left {2}1\/4 {2}–, p50 –, p99 –, 0 failed {2}[ab]$/);
    clock.advance(2e6);
    const count = new ProgressCount();
    for (let call = 0; call < 198; call += 1) count.ended('ok', 2000);
    for (let call = 0; call < 2; call += 1) count.ended('timeout', 5e6);
    progress.load(count);
    expect(lines.at(-1)).toMatch(
      / 0:45 left {2}1\/4 {2}100\/s, p50 2 ms, p99 2 ms, 2 failed \(1\.0 %\) {2}[ab]$/,
    );
    clock.advance(9e6);
    progress.trialStart(ahead[0]!, ahead.slice(1));
    expect(lines.at(-1)).toMatch(/^\[#+\.+\] 0:36 left {2}2\/4 /);
  });
});
