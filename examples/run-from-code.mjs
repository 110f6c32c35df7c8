// Runs an experiment from a program and decides from its result. `npm i paceline`, then `node run-from-code.mjs`.
import { parseProfile, renderReport, runExperiment } from 'paceline';

const profile = parseProfile(`
version: 1
load: { rate: 100/s, warmup: 500ms, duration: 1s, agents: 8, connections: 8 }
calls: [{ tool: echo, arguments: { text: "hello {{agent}}" } }, { list: tools }]
fleet: { server: lean, instances: 2 }
variants:
  - { name: round-robin }
  - { name: random, balancer.policy: random-two }
repetitions: 1
thresholds: ["error_rate < 1%"]
`);

const experiment = runExperiment({ profile, seed: 7 });
for await (const event of experiment) {
  if (event.kind !== 'trial-ended') continue;
  const { trial, repetition } = event;
  const p99Ms = (repetition.responseTime.p99Us / 1000).toFixed(2);
  console.log(`${trial.variant.name} #${trial.index + 1}: p99 ${p99Ms} ms, ${repetition.calls.ok} calls ok`);
}

const result = await experiment.result();
const [markdown] = await renderReport(result, 'md');
console.log(markdown.content.toString());
console.log(`verdict: ${result.verdict.status}`);
