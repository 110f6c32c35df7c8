/** @module Keeps docs/metrics.md the list of what thresholds can bound; `npx vitest run test/metrics-doc.test.ts -u` writes it again. */
import { expect, it } from 'vitest';
import type { BoundedMetric } from '../src/profile/section/bounded-metric.ts';
import { boundedMetrics, metricsOf } from '../src/result/measure/metrics.ts';
import { listOf } from '../src/units/words.ts';

const BOUNDS = {
  time: '`50ms`',
  share: '`0.1%` or `0.001`',
  fraction: '`0.95` or `95%`',
  ratio: '`1.5`',
  rate: '`380/s`',
  count: '`3`',
} as const;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function metricsPage(): string {
  const bounded = boundedMetrics();
  const labels = new Map(metricsOf().map(({ metric }) => [metric.name, metric.label]));
  const times = bounded.filter(
    ({ isDistribution, percentiles }) => isDistribution && percentiles === undefined,
  );
  const percentiles = bounded.flatMap(({ name, percentiles = [] }) =>
    percentiles.map((percentile) => `\`${name} p(${percentile})\``),
  );
  const others = bounded.filter(({ isDistribution }) => !isDistribution);
  const namesOf = (has: (one: BoundedMetric) => boolean | undefined): readonly string[] =>
    bounded.flatMap((one) => (has(one) ? `\`${one.name}\`` : []));
  return `# What thresholds can bound

[thresholds.md](thresholds.md) has the language of thresholds, and when they pass, fail or are inconclusive.

\`\`\`yaml
thresholds:
  - "p(99) < 50ms"
  - "error_rate{tools/list} < 0.1%"
  - "sessions_lost == 0 for sessions, sticky"
\`\`\`

Times have statistics: \`p(99.9)\`, \`mean\` or \`max\` after ${times.map(({ name }) => `\`${name}\``).join(', ')}; without a name it is \`response_time\`.
\`auth\` is the check of a call without its policy, as the answers state it (docs/auth.md). Of what the check adds there is ${percentiles.join(', ')}.
\`list_time\` is the time of the calls whose results can be kept, as agents feel it, hits included; \`origin_time\` is that of the fetches among them.
\`connect\` and \`handshake\` are those of connections, until TCP and then TLS is ready: of the ones opened in the measured time or, where none was, of those before.
\`flow\` is the time of a whole flow of which all calls ended \`ok\`, think time included; \`flow_busy\` is the same without it.
\`response_time\` is that of the calls that ended \`ok\`; \`all_response_time\` includes failed calls, and timeouts with the time that they were waited for.
\`rate\` and \`goodput\` count the answers that arrive within the measured time, also those to calls of the warm-up; \`goodput\` only those that ended \`ok\` ([why](decisions/0003-achieved-rate.md)). An answer that arrives later is not in them.
After ${listOf(namesOf(({ byCall }) => byCall))}, braces may name a call or a tool of the mix;
after ${listOf(namesOf(({ byInstance }) => byInstance))}, an instance; after ${listOf(namesOf(({ byIdentity }) => byIdentity))}, an identity;
after ${listOf(namesOf(({ byFlow }) => byFlow))}, a flow. A
\`service_time\` of one call and the times of one instance or one flow have the percentiles 50, 90, 95, 99 and 99.9, \`mean\` and \`max\`.
Windows (\`every 10s\`) have ${listOf(namesOf(({ overWindows }) => overWindows))}.

${[row(['metric', 'meaning', 'bound, for instance']), row(['---', '---', '---']), ...others.map(({ name, unit }) => row([`\`${name}\``, labels.get(name)!, BOUNDS[unit]]))].join('\n')}
`;
}

it('docs/metrics.md lists every metric', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../docs/metrics.md');
});
