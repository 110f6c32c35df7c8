/** @module Paceline's engine as a client of the bench: runs one load and prints the figures as JSON. */
import { readFileSync } from 'node:fs';
import { judgeGenerator } from '../src/experiment/generator.ts';
import { runLoad } from '../src/generator/engine/engine.ts';
import type { LoadPlan } from '../src/generator/engine/plan.ts';
import { spanUs } from '../src/generator/engine/plan.ts';
import { summarise } from '../src/result/summary/summarise.ts';
import { systemClock } from '../src/units/clock.ts';
import { withTokens } from './fake-credentials.ts';

const plan = withTokens(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as LoadPlan);
const workers = plan.load.workers === 'auto' ? 1 : plan.load.workers;
const rssBytes: number[] = [];
let watch: NodeJS.Timeout | undefined;
let cpuBefore = process.cpuUsage();
let cpuAfter: NodeJS.CpuUsage | undefined;
const startedUs = systemClock.now();
let preparedUs = 0;

const loaded = await runLoad(plan, workers, {
  onStart: () => {
    preparedUs = systemClock.now() - startedUs;
    watch = setInterval(() => rssBytes.push(process.memoryUsage.rss()), 1000);
    setTimeout(() => {
      cpuBefore = process.cpuUsage();
    }, plan.load.warmupUs / 1000);
    setTimeout(() => {
      cpuAfter = process.cpuUsage(cpuBefore);
    }, spanUs(plan.load) / 1000);
  },
});
clearInterval(watch);
const { user, system } = cpuAfter ?? process.cpuUsage(cpuBefore);
const { histograms: _histograms, windows: _windows, ...summary } = summarise(loaded.recording);
const { generator } = judgeGenerator(summarise(loaded.recording), loaded, plan.load, workers);
const peakRssBytes = Math.max(...rssBytes);
process.stdout.write(
  JSON.stringify({ summary, generator, peakRssBytes, rssBytes, cpuUs: user + system, preparedUs }),
);
