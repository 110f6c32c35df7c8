import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../../../../test/programs.ts';
import { scratch } from '../../../units/scratch.case.ts';
import { evaluate, openTab, show, type Tab } from '../../chromium.case.ts';
import { modelOf } from '../../model.ts';
import { CUT, OVERFLOWING, OVERLAPPING, SMALLEST } from '../../page-probes.case.ts';
import { hostileNames, modes, plantedFaults } from '../../sample-authorization.case.ts';
import { changes, gateway, herds, hostileCaches, sweep } from '../../sample-caching.case.ts';
import { demo, hostile, interrupted, judged, manyVariants, zeroCalls } from '../../sample-document.case.ts';
import { longNames } from '../../sample-long-names.case.ts';
import { questions } from '../../sample-questions.case.ts';
import { page } from './page.ts';

const SAMPLES = {
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
type Sample = keyof typeof SAMPLES;

describe('the page in a real browser', { tags: ['chromium'] }, () => {
  const folder = scratch();
  const urls = new Map<Sample, string>();
  let tab: Tab;

  beforeAll(async () => {
    for (const [name, make] of Object.entries(SAMPLES) as [Sample, (typeof SAMPLES)[Sample]][]) {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, await page(modelOf(make())));
      urls.set(name, pathToFileURL(path).href);
    }
    tab = await openTab(fileOf('chromium')!);
  });

  afterAll(async () => {
    await tab?.close();
  });

  const NAMES = Object.keys(SAMPLES) as Sample[];

  it.each(NAMES)('%s asks for nothing but itself and reports no error', async (name) => {
    const before = tab.events.length;
    await show(tab, urls.get(name)!, 1280);
    const events = tab.events.slice(before);
    const requests = events
      .filter(({ method }) => method === 'Network.requestWillBeSent')
      .map(({ params }) => (params['request'] as { url: string }).url)
      .filter((url) => !url.startsWith('data:'));
    expect(requests).toEqual([urls.get(name)]);
    const noise = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'];
    expect(events.filter(({ method }) => noise.includes(method))).toEqual([]);
    expect(await evaluate(tab, 'document.scripts.length')).toBe(0);
  });

  it.each(NAMES.flatMap((name) => [320, 390, 768, 1280].map((width) => [name, width] as const)))(
    '%s does not scroll sideways at %d px',
    async (name, width) => {
      await show(tab, urls.get(name)!, width);
      expect(await evaluate(tab, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await evaluate(tab, OVERFLOWING)).toEqual([]);
    },
  );

  it.each([360, 390, 700, 821, 1280])(
    'draws no text smaller than 11 px, none cut off and none over another, at %d px',
    async (width) => {
      for (const name of [
        'demo',
        'judged',
        'manyVariants',
        'hostile',
        'longNames',
        'modes',
        'plantedFaults',
        'hostileNames',
        'questions',
        'sweep',
        'changes',
        'gateway',
        'hostileCaches',
      ] as const) {
        await show(tab, urls.get(name)!, width);
        expect.soft(await evaluate(tab, SMALLEST), name).toBeGreaterThanOrEqual(11);
        expect.soft(await evaluate(tab, CUT), name).toEqual([]);
        expect.soft(await evaluate(tab, OVERLAPPING), name).toEqual([]);
      }
    },
  );

  it('would show that two texts of a drawing lie on each other', async () => {
    await show(tab, urls.get('demo')!, 1280);
    await evaluate(
      tab,
      `(() => {
        const [one, other] = document.querySelectorAll('.drawing.wide svg .role-axis-label text');
        other.setAttribute('transform', one.getAttribute('transform'));
      })()`,
    );
    expect(await evaluate(tab, `${OVERLAPPING}.length`)).toBeGreaterThan(0);
  });

  it('is dark where that is preferred, charts included', async () => {
    const colours = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('svg text[font-weight=bold]')).fill]`;
    await show(tab, urls.get('demo')!, 1280, 'light');
    expect(await evaluate(tab, colours)).toEqual(['rgb(253, 253, 252)', 'rgb(22, 25, 29)']);
    await show(tab, urls.get('demo')!, 1280, 'dark');
    expect(await evaluate(tab, colours)).toEqual(['rgb(20, 23, 27)', 'rgb(236, 239, 243)']);
  });

  it('runs nothing of a hostile document and shows it as text', async () => {
    await show(tab, urls.get('hostile')!, 1280);
    expect(
      await evaluate(tab, 'document.querySelectorAll("script, iframe, img, a, object, embed").length'),
    ).toBe(0);
    expect(await evaluate(tab, 'document.querySelector("h1").textContent')).toContain(
      '<script>alert("x")</script>',
    );
  });

  it('offers every chart to those who do not see it', async () => {
    await show(tab, urls.get('demo')!, 1280);
    const count = (selector: string): Promise<unknown> =>
      evaluate(tab, `document.querySelectorAll('${selector}').length`);
    expect(await count('figure')).toBe(8);
    expect(await count('figure svg[role=img][aria-label]')).toBe(16);
    expect(await count('figure details table tbody tr')).toBeGreaterThan(6);
  });
});
