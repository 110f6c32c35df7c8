/** @module Keeps docs/metrics.md the list of what thresholds can bound; `npx vitest run test/metrics-doc.test.ts -u` writes it again. */
import { expect, it } from 'vitest';
import { boundedMetrics, metricsOf } from '../src/result/measure/metrics.ts';

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
  const filtered = bounded.flatMap(({ name, byCall }) => (byCall ? `\`${name}\`` : []));
  return `# What thresholds can bound

A threshold is a metric, a comparator (\`<\`, \`<=\`, \`>\`, \`>=\` or \`==\`) and a bound; \`for NAME\` after it restricts it to one variant.
A threshold that cannot be judged never passes: the verdict is then inconclusive, and says why. That is so

- of a metric without samples;
- of a percentile that too few calls support: \`p(99)\` needs 100 calls, \`p(99.9)\` 1000;
- of an estimate whose 95 % interval contains the bound, and of one without an interval (\`auth added\`);
- of a \`stale_window\` that is within its bound, but was still open when the measured time ended;
- of a time, if more than 1 % of the calls failed: a server that fails fast is not fast. A threshold on \`error_rate\` allows another share.

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
\`response_time\` is that of the calls that ended \`ok\`; \`all_response_time\` includes failed calls, and timeouts with the time that they were waited for.
After ${filtered.join(' and ')}, braces may name one call of the mix.

${[row(['metric', 'meaning', 'bound, for instance']), row(['---', '---', '---']), ...others.map(({ name, unit }) => row([`\`${name}\``, labels.get(name)!, BOUNDS[unit]]))].join('\n')}
`;
}

it('docs/metrics.md lists every metric', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../docs/metrics.md');
});
