/** @module What a page has to pass in a browser, wherever a test opens one. */
import { expect } from 'vitest';
import { evaluate, evaluateAll, type Tab } from './chromium.case.ts';
import { CUT, OVERFLOWING, OVERLAPPING, SMALLEST } from './page-probes.case.ts';

/** The page does not scroll sideways where the window is `width` pixels wide. */
export async function expectFit(tab: Tab, width: number): Promise<void> {
  const at = `${width} px`;
  const [across, overflowing] = await evaluateAll(tab, 'document.documentElement.scrollWidth', OVERFLOWING);
  expect.soft(across, at).toBeLessThanOrEqual(width);
  expect.soft(overflowing, at).toEqual([]);
}

/** No text in a drawing is too small or cut off. */
export async function expectWholeTexts(tab: Tab, width: number): Promise<void> {
  const at = `${width} px`;
  const [smallest, cut] = await evaluateAll(tab, SMALLEST, CUT);
  expect.soft(smallest, at).toBeGreaterThanOrEqual(11);
  expect.soft(cut, at).toEqual([]);
}

/** And no text in a drawing lies over another one. */
export async function expectLegible(tab: Tab, width: number): Promise<void> {
  await expectWholeTexts(tab, width);
  expect.soft(await evaluate(tab, OVERLAPPING), `${width} px`).toEqual([]);
}

/** In `events`, the page at `url` was loaded once and asked for nothing else, and it reported nothing. */
export function expectOnlyItself(events: Tab['events'], url: string): void {
  const requests = events
    .filter(({ method }) => method === 'Network.requestWillBeSent')
    .map(({ params }) => (params['request'] as { url: string }).url)
    .filter((requested) => !requested.startsWith('data:'));
  expect(requests).toEqual([url]);
  const noise = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'];
  expect(events.filter(({ method }) => noise.includes(method))).toEqual([]);
}
