import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../../../../test/programs.ts';
import type { ComparisonDocument } from '../../../result/regression/document.ts';
import { scratch } from '../../../units/scratch.case.ts';
import { evaluate, openTab, show, showAtEach, type Tab } from '../../chromium.case.ts';
import { expectFit, expectLegible, expectOnlyItself } from '../../page-checks.case.ts';
import * as samples from '../../sample-comparison.case.ts';
import { longNamesCompared } from '../../sample-long-names.case.ts';
import { comparisonPage } from './page.ts';

const SAMPLES: Readonly<Record<string, () => readonly ComparisonDocument[]>> = {
  regressed: () => [samples.regressed()],
  improved: () => [samples.improved()],
  same: () => [samples.same()],
  undecided: () => [samples.undecided()],
  refused: () => [samples.refused()],
  tooFew: () => [samples.tooFew()],
  severalVariants: () => [samples.severalVariants()],
  severalCandidates: () => [samples.regressed(), samples.severalVariants()],
  errorsDecide: () => [samples.errorsDecide()],
  hostileComparison: () => [samples.hostileComparison()],
  longNames: () => [longNamesCompared()],
  manyVariantsCompared: () => [samples.manyVariantsCompared()],
  withoutDistributions: () => [samples.withoutDistributions()],
};
const NAMES = Object.keys(SAMPLES);

const pages = new Map<string, Promise<string>>();

/** The page of a sample, which is made once: that takes up to a second. */
function pageOf(name: string): Promise<string> {
  const page = pages.get(name) ?? comparisonPage(SAMPLES[name]!());
  pages.set(name, page);
  return page;
}

describe('the page of a comparison in a real browser', { tags: ['chromium'] }, () => {
  const folder = scratch();
  const urls = new Map<string, string>();
  let tab: Tab;

  beforeAll(async () => {
    for (const name of NAMES) {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, await pageOf(name));
      urls.set(name, pathToFileURL(path).href);
    }
    tab = await openTab(fileOf('chromium')!);
  });

  afterAll(async () => {
    await tab?.close();
  });

  const textOf = (selector: string): Promise<unknown> =>
    evaluate(tab, `document.querySelector('${selector}')?.textContent`);

  it.each(NAMES)(
    '%s asks for nothing but itself, runs no script and reports no error, does not scroll sideways, and its drawings can be read',
    async (name) => {
      const url = urls.get(name)!;
      const before = tab.events.length;
      await showAtEach(tab, url, [320, 390, 768, 1280], async (width) => {
        await expectFit(tab, width);
        if (width >= 360) await expectLegible(tab, width);
      });
      expectOnlyItself(tab.events.slice(before), url);
      const active = 'document.querySelectorAll("script, iframe, img, a, object, embed").length';
      expect(await evaluate(tab, active)).toBe(0);
    },
  );

  it.each([
    ['regressed', 'Regressed', 'rgb(196, 66, 12)'],
    ['improved', 'Improved', 'rgb(10, 122, 92)'],
    ['same', 'Same', 'rgb(10, 122, 92)'],
    ['undecided', 'Undecided', 'rgb(148, 98, 0)'],
  ])('says the verdict of %s first', async (name, verdict, colour) => {
    await show(tab, urls.get(name)!, 1280, 'light');
    expect(await textOf('.badge')).toBe(verdict);
    expect(await evaluate(tab, 'getComputedStyle(document.querySelector(".badge")).color')).toBe(colour);
    expect(
      await evaluate(tab, 'document.querySelector(".badge").getBoundingClientRect().bottom'),
    ).toBeLessThan(300);
  });

  it('is dark where that is preferred, charts included', async () => {
    const colours = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('svg text[font-weight=bold]')).fill]`;
    await show(tab, urls.get('regressed')!, 1280, 'dark');
    expect(await evaluate(tab, colours)).toEqual(['rgb(20, 23, 27)', 'rgb(236, 239, 243)']);
  });

  it('draws the changes, both distributions and every repetition, and gives their figures as tables', async () => {
    await show(tab, urls.get('severalVariants')!, 1280);
    expect(await evaluate(tab, '[...document.querySelectorAll("figure")].map(({ id }) => id)')).toEqual([
      'changes',
      'distributions',
      'values',
    ]);
    expect(await evaluate(tab, 'document.querySelectorAll("figure svg[role=img][aria-label]").length')).toBe(
      6,
    );
    expect(await evaluate(tab, 'document.querySelectorAll("#values tbody tr").length')).toBe(40);
  });

  it('gives every drawing of several candidates a name of its own', async () => {
    await show(tab, urls.get('severalCandidates')!, 1280);
    const ids = (await evaluate(
      tab,
      '[...document.querySelectorAll("[id]")].map(({ id }) => id)',
    )) as string[];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows hostile names as text', async () => {
    await show(tab, urls.get('hostileComparison')!, 1280);
    expect(await textOf('h1')).toContain('<script>alert(1)</script>');
    expect(await textOf('.findings')).toContain('</details><script>alert(1)</script>');
  });
});

describe('the page of a comparison', () => {
  it.each(NAMES)('%s is less than 1 MB', async (name) => {
    expect(Buffer.byteLength(await pageOf(name))).toBeLessThan(1e6);
  });

  it('says what differs, and that nothing can be told of it', async () => {
    const page = await pageOf('refused');
    expect(page).toContain('<td>cannot be compared</td>'.replace('<td>', '<td class="text">'));
    expect(page).toContain('load.rate');
  });

  it('has no chart of distributions of an older file', async () => {
    expect(await pageOf('withoutDistributions')).not.toContain('id="distributions"');
  });
});
