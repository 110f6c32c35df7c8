/** @module Paceline's engine as a client of the bench that is watched from its start on: runs one load on one thread and prints what it needed as JSON. */
import { performance } from 'node:perf_hooks';
import { runLoad } from '../src/generator/engine/engine.ts';
import type { LoadPlan } from '../src/generator/engine/plan.ts';
import { summarise } from '../src/result/summary/summarise.ts';
import type { Grown } from './growth-load.ts';

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const beganMs = performance.now();
let openSeconds = 0;
let peakRssBytes = 0;
const look = (): void => {
  peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
};
const watch = setInterval(look, 100);

let before = process.cpuUsage();
let cpu = before;
const { warmupUs, durationUs } = plan.load;
const loaded = await runLoad(plan, 1, {
  onStart: () => {
    openSeconds = (performance.now() - beganMs) / 1000;
    setTimeout(() => {
      before = process.cpuUsage();
    }, warmupUs / 1000);
    setTimeout(
      () => {
        cpu = process.cpuUsage(before);
      },
      (warmupUs + durationUs) / 1000,
    );
  },
});
clearInterval(watch);
look();
const summary = summarise(loaded.recording);
const { done, ok } = summary.calls;
const grown: Grown = {
  perSecond: summary.rate.achievedPerSecond,
  failed: done - ok,
  cpuUs: (cpu.user + cpu.system) / done,
  openSeconds,
  peakRssBytes,
};
process.stdout.write(JSON.stringify(grown));
