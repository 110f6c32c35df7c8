/** @module Paceline's engine as a client of the bench: one share of a load, on this thread, its figures as JSON on stdout. */
import type { LoadPlan } from '../src/engine/plan.ts';
import { createShare } from '../src/engine/share.ts';
import { judgeGenerator } from '../src/experiment/generator.ts';
import { summarise } from '../src/summary/summarise.ts';
import { systemClock } from '../src/units/clock.ts';

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const rssBytes: number[] = [];

const share = await createShare({ ...plan, worker: 0, workers: 1 }, systemClock);
await share.prepare();
const watch = setInterval(() => rssBytes.push(process.memoryUsage.rss()), 1000);
const { recording, health } = await share.run(systemClock.now() + 10_000);
clearInterval(watch);
// Before the figures are drawn, which takes memory that the load did not need.
const peakRssBytes = process.resourceUsage().maxRSS * 1024;
const { histograms: _histograms, windows: _windows, ...summary } = summarise(recording);
const generator = judgeGenerator(summarise(recording), health, plan.load, 1);
process.stdout.write(JSON.stringify({ summary, generator, peakRssBytes, rssBytes }));
