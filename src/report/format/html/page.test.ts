import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../../../../test/programs.ts';
import { scratch } from '../../../units/scratch.case.ts';
import { TOTAL } from '../../chart/chart.ts';
import { chartsOf } from '../../chart/charts.ts';
import { evaluate, openTab, show, showAtEach, type Tab } from '../../chromium.case.ts';
import { modelOf } from '../../model.ts';
import { expectFit, expectLegible, expectOnlyItself } from '../../page-checks.case.ts';
import { HIDDEN_FIGURES, OVERLAPPING } from '../../page-probes.case.ts';
import { hostileNames, modes, plantedFaults } from '../../sample-authorization.case.ts';
import { changes, gateway, herds, hostileCaches, sweep } from '../../sample-caching.case.ts';
import * as samples from '../../sample-document.case.ts';
import { longNames } from '../../sample-long-names.case.ts';
import { CACHING, CHECK, questions, questionsAndMore, SESSIONS } from '../../sample-questions.case.ts';
import { handles } from '../../sample-state.case.ts';
import { figure } from '../../wording.ts';
import { figuresOf, figuresOn } from './in-document.case.ts';
import { page } from './page.ts';

const { allDropped, allFailed, demo, hostile, HOSTILE } = samples;
const { interrupted, judged, manyVariants, oneVariant, zeroCalls } = samples;

/** Those that are looked at in a browser. */
const SHOWN = {
  modes,
  plantedFaults,
  hostileNames,
  demo,
  judged,
  interrupted,
  zeroCalls,
  manyVariants,
  hostile,
  longNames,
  questions,
  sweep,
  changes,
  gateway,
  herds,
  hostileCaches,
};
/** Those whose drawings are not looked at: `zeroCalls` has none. */
const UNREAD: ReadonlySet<string> = new Set(['interrupted', 'zeroCalls']);

const SAMPLES = { ...SHOWN, oneVariant, allFailed, allDropped, handles };
type Sample = keyof typeof SAMPLES;
const NAMES = Object.keys(SAMPLES) as Sample[];

const pages = new Map<Sample, Promise<string>>();

/** The page of a sample, which is made once: that takes up to a second. */
function pageOf(name: Sample): Promise<string> {
  const known = pages.get(name) ?? page(modelOf(SAMPLES[name]()));
  pages.set(name, known);
  return known;
}

describe('the page in a real browser', { tags: ['chromium'] }, () => {
  const folder = scratch();
  let tab: Tab;

  beforeAll(async () => {
    tab = await openTab(fileOf('chromium')!);
  });

  afterAll(async () => {
    await tab?.close();
  });

  async function urlOf(name: Sample): Promise<string> {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, await pageOf(name));
    return pathToFileURL(path).href;
  }

  it.each(Object.keys(SHOWN) as Sample[])(
    '%s asks for nothing but itself, reports no error and does not scroll sideways, and its drawings can be read',
    async (name) => {
      const url = await urlOf(name);
      const before = tab.events.length;
      await showAtEach(tab, url, [320, 360, 390, 700, 768, 821, 1280], async (width) => {
        await expectFit(tab, width);
        if (width <= 390) expect.soft(await evaluate(tab, HIDDEN_FIGURES), `${width} px`).toEqual([]);
        if (width >= 360 && !UNREAD.has(name)) await expectLegible(tab, width);
      });
      expectOnlyItself(tab.events.slice(before), url);
      expect(await evaluate(tab, 'document.scripts.length')).toBe(0);
    },
  );

  it('would show that two texts of a drawing lie on each other', async () => {
    await show(tab, await urlOf('demo'), 1280);
    await evaluate(
      tab,
      `(() => {
        const [one, other] = document.querySelectorAll('.drawing.wide svg .role-axis-label text');
        other.setAttribute('transform', one.getAttribute('transform'));
      })()`,
    );
    expect(await evaluate(tab, `${OVERLAPPING}.length`)).toBeGreaterThan(0);
  });

  it('shows every figure of a variant on a phone, below its head, and a table elsewhere', async () => {
    const heads = `(() => {
      const [row] = document.querySelectorAll('.blocks tbody tr');
      return [...row.querySelectorAll('td')].map((cell) => getComputedStyle(cell, '::before').content);
    })()`;
    await show(tab, await urlOf('demo'), 390);
    expect(await evaluate(tab, heads)).toEqual(
      expect.arrayContaining(['"ok %"', '"p50 ms"', '"p99 ms"', '"goodput calls/s"']),
    );
    await show(tab, await urlOf('demo'), 700);
    expect(new Set((await evaluate(tab, heads)) as string[])).toEqual(new Set(['none']));
  });

  it('is dark where that is preferred, charts included', async () => {
    const colours = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('svg text[font-weight=bold]')).fill]`;
    await show(tab, await urlOf('demo'), 1280, 'light');
    expect(await evaluate(tab, colours)).toEqual(['rgb(253, 253, 252)', 'rgb(22, 25, 29)']);
    await show(tab, await urlOf('demo'), 1280, 'dark');
    expect(await evaluate(tab, colours)).toEqual(['rgb(20, 23, 27)', 'rgb(236, 239, 243)']);
  });

  it('runs nothing of a hostile document and shows it as text', async () => {
    await show(tab, await urlOf('hostile'), 1280);
    expect(
      await evaluate(tab, 'document.querySelectorAll("script, iframe, img, a, object, embed").length'),
    ).toBe(0);
    expect(await evaluate(tab, 'document.querySelector("h1").textContent')).toContain(
      '<script>alert("x")</script>',
    );
  });

  it('offers every chart to those who do not see it', async () => {
    await show(tab, await urlOf('demo'), 1280);
    const count = (selector: string): Promise<unknown> =>
      evaluate(tab, `document.querySelectorAll('${selector}').length`);
    expect(await count('figure')).toBe(8);
    expect(await count('figure svg[role=img][aria-label]')).toBe(16);
    expect(await count('figure details table tbody tr')).toBeGreaterThan(6);
  });
});

describe('the figures in the tables of the page', () => {
  it.each([
    'demo',
    'interrupted',
    'judged',
    'allDropped',
    'allFailed',
    'hostile',
    'modes',
    'plantedFaults',
    'sweep',
    'changes',
    'gateway',
  ] as const)('are those of the document: %s', async (name) => {
    const known = figuresOf(SAMPLES[name]());
    const shown = figuresOn(await pageOf(name));
    expect(shown.length).toBeGreaterThan(10);
    expect([...new Set(shown)].filter((cell) => !known.has(cell))).toEqual([]);
  });

  it('are checked by a rule that finds one that was made up', () => {
    const document = demo();
    const madeUp = 123.4567 + document.variants[0]!.summary!.rate.achievedPerSecond;
    expect(figuresOf(document).has(figure(madeUp))).toBe(false);
  });
});

describe('the drawings of the page', () => {
  it.each(NAMES)('of %s are no wider than their place, and share no id', async (name) => {
    const text = await pageOf(name);
    const drawings = [
      ...text.matchAll(/<div class="drawing (wide|narrow)[^>]*><svg [^>]*viewBox="0 0 ([\d.]+) /g),
    ].map(([, width, pixels]) => ({ width: width as 'wide' | 'narrow', pixels: Number(pixels) }));
    expect(drawings).toHaveLength(2 * chartsOf(modelOf(SAMPLES[name]())).length);
    for (const { width, pixels } of drawings) {
      // A phone of 390 px leaves 358; 13 px type may shrink to 11.
      expect(pixels, width).toBeLessThanOrEqual(width === 'wide' ? TOTAL.wide + 20 : TOTAL.narrow + 40);
      expect(pixels, width).toBeGreaterThan(TOTAL[width] * 0.8);
    }
    const ids = [...text.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the text of the page', () => {
  it.each(NAMES)('of %s stays below 750 kB', async (name) => {
    expect((await pageOf(name)).length).toBeLessThan(750_000);
  });

  it.each(['hostile', 'hostileNames', 'hostileCaches'] as const)(
    'contains nothing of %s as markup',
    async (name) => {
      const text = await pageOf(name);
      expect(text).not.toMatch(/<script|<iframe|<img|<a |\son[a-z]+=|javascript:[^d]/i);
      expect(text).not.toContain(HOSTILE);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids exactly these.
      expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      expect(text.match(/<\/main>/g)).toHaveLength(1);
    },
  );

  it('says what a reader needs to trust it', async () => {
    const text = await pageOf('demo');
    for (const part of [
      'How this was measured',
      'moment a call was due',
      'warm-up',
      'seed',
      'AMD EPYC',
      'undici',
    ])
      expect(text).toContain(part);
  });

  it('says how the calls of each variant were checked, where they were', async () => {
    expect(await pageOf('plantedFaults')).toContain('<td class="text">jwt, ES256, policy scopes</td>');
    expect(await pageOf('demo')).not.toContain('>check<');
  });

  it('has sections about authorization and caching where there is something to say only', async () => {
    for (const [name, head] of [
      ['plantedFaults', '<h2>Authorization</h2>'],
      ['sweep', '<h2>Caching</h2>'],
    ] as const) {
      expect(await pageOf(name)).toContain(head);
      expect(await pageOf('demo')).not.toContain(head);
    }
  });

  it('does not bury the findings under the reasons of the verdict', async () => {
    const reasons = Array.from({ length: 30 }, (_, at) => `reason ${at + 1}.`);
    const text = await page(modelOf({ ...zeroCalls(), verdict: { status: 'inconclusive', reasons } }));
    expect(text).toContain('<li>reason 4.</li><li>and 26 more reasons in the result file</li>');
  });

  it('calls a pass without thresholds what it is, and no other', async () => {
    const unasked = await pageOf('demo');
    expect(unasked).toContain('<span class="badge none">No thresholds</span>');
    expect(unasked).not.toContain('badge pass"');
    const passed = await page(modelOf({ ...zeroCalls(), verdict: { status: 'pass', reasons: [] } }));
    expect(passed).toContain('<span class="badge pass">Pass</span>');
    expect(await pageOf('interrupted')).toContain('<span class="badge inconclusive">Inconclusive</span>');
  });

  it('has all answers to questions on top, then a part each with lower headings', async () => {
    const text = await pageOf('questions');
    const asked = [SESSIONS, CHECK, CACHING];
    const first = asked.map((question) => text.indexOf(question));
    const again = asked.map((question, at) => text.indexOf(question, first[at]! + 1));
    const inOrder = [...first, ...again];
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect(first[0]).toBeGreaterThan(0);
    for (const question of asked) expect(text.split(question)).toHaveLength(3);
    expect(text.match(/<h2>(?!What )[^<]*/g)).toEqual([
      '<h2>How this was measured',
      '<h2>Reproduce this run',
    ]);
    expect(text).toContain('<h3>Results</h3>');
    expect(text).not.toContain('Other variants');
    const bare = questionsAndMore().variants.map((one) => ({ ...one, repetitions: [], summary: null }));
    expect(await page(modelOf({ ...questionsAndMore(), variants: bare }))).toContain('Other variants');
  });
});
