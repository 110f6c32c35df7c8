import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import type { AllFlowFigures } from '../../result/measure/flow-figures.ts';
import { page } from '../format/html/page.ts';
import { markdown } from '../format/markdown.ts';
import { headline } from '../format/text.ts';
import { modelOf } from '../model.ts';
import { distributionOf, HOSTILE, oneVariant } from '../sample-document.case.ts';
import { FLOW_TABLES } from './flows.ts';

const times = (us: number): AllFlowFigures['responseTime'] =>
  distributionOf(Array.from({ length: 100 }, () => us));

const ORDER = {
  name: 'order',
  due: 103,
  completed: 100,
  failed: 2,
  unfinished: 1,
  errorRate: 2 / 102,
  responseTime: times(20_000),
  busyTime: times(8000),
  steps: [
    { name: 'order / tools/call echo', failed: {} },
    { name: 'order / tools/list', failed: { timeout: 1, dropped: 1 } },
  ],
};

function documentWith(flow: typeof ORDER): ResultDocument {
  const document = oneVariant();
  const [variant] = document.variants;
  const { summary } = variant!;
  const call = Object.values(summary!.byCall)[0]!;
  const byCall = { ...summary!.byCall, [flow.steps[0]!.name]: call };
  const flows = { ...flow, byFlow: [flow] };
  return { ...document, variants: [{ ...variant!, summary: { ...summary!, byCall, flows } }] };
}

const [overview, steps] = FLOW_TABLES.map(({ table }) => table(modelOf(documentWith(ORDER))));

describe('the tables of flows', () => {
  it('say what became of each flow', () => {
    expect(overview!.rows).toEqual([
      ['default', 'order', '103', '100', '2', '1', '2.0', '20.0', '20.0', '8.00', '8.00'],
    ]);
  });

  it('have the calls of each flow in order, and which of them ended it', () => {
    expect(
      steps!.rows.map(([, flow, step, call, , , , , ended, how]) => [flow, step, call, ended, how]),
    ).toEqual([
      ['order', '1', 'tools/call echo', '0', '–'],
      ['order', '2', 'tools/list', '2', 'timeout 1 and dropped 1'],
    ]);
  });

  it('stand on the page, in Markdown and in text', async () => {
    const model = modelOf(documentWith(ORDER));
    expect(await page(model)).toContain('<h2>Steps of flows</h2>');
    expect(String((await markdown(model)).files[0]!.content)).toContain('**Steps of flows**');
    expect(headline(model)).toMatch(/flows:\nvariant +flow +due/);
  });

  it('have names in text that leave room for the figures', () => {
    const name = `${'order of many things '.repeat(4)}end`;
    const text = headline(modelOf(documentWith({ ...ORDER, name })));
    expect(text).toMatch(/order of many \S*…\S*/);
    expect(text).not.toContain(name);
  });

  it('are left out where no mix has flows', async () => {
    const model = modelOf(oneVariant());
    expect(FLOW_TABLES.flatMap(({ table }) => table(model).rows)).toEqual([]);
    expect(await page(model)).not.toContain('Steps of flows');
  });

  it('show names that are no markup', async () => {
    const model = modelOf(documentWith({ ...ORDER, name: HOSTILE }));
    expect(await page(model)).not.toContain('<script>alert');
  });
});
