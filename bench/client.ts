/** @module Paceline's engine as a client of the bench: runs one load on one thread and prints the figures as JSON. */

import { judgeGenerator } from '../src/experiment/generator.ts';
import { runLoad } from '../src/generator/engine/engine.ts';
import type { LoadPlan } from '../src/generator/engine/plan.ts';
import { summarise } from '../src/result/summary/summarise.ts';
import { withTokens } from './fake-credentials.ts';

const plan = withTokens(JSON.parse(process.argv[2]!) as LoadPlan);
const rssBytes: number[] = [];
let watch: NodeJS.Timeout | undefined;

const loaded = await runLoad(plan, 1, {
  onStart: () => {
    watch = setInterval(() => rssBytes.push(process.memoryUsage.rss()), 1000);
  },
});
clearInterval(watch);
const { histograms: _histograms, windows: _windows, ...summary } = summarise(loaded.recording);
const { generator } = judgeGenerator(summarise(loaded.recording), loaded, plan.load, 1);
process.stdout.write(JSON.stringify({ summary, generator, peakRssBytes: Math.max(...rssBytes), rssBytes }));
