/** @module Proves that the page shows no figure that the result file lacks. */
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../result/document.ts';
import { modelOf } from '../../model.ts';
import { modes, plantedFaults } from '../../sample-authorization.case.ts';
import { changes, gateway, sweep } from '../../sample-caching.case.ts';
import * as samples from '../../sample-document.case.ts';
import {
  count,
  figure,
  highEnd,
  lowEnd,
  millis,
  percent,
  percentWithUnit,
  ratio,
  unitShare,
} from '../../wording.ts';
import { page } from './page.ts';

/** Every number in a value. Windows are left out: they hold so many that almost any number would be found. */
function numbersIn(value: unknown, key = ''): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null || key === 'windows') return [];
  return Object.entries(value).flatMap(([name, part]) => numbersIn(part, name));
}

/** The ways in which a number of the document may stand on the page. */
const wordings = (value: number): readonly string[] => [
  count(value),
  // Trials are counted from 1.
  count(value + 1),
  String(value),
  figure(value),
  millis(value),
  percent(value),
  percentWithUnit(value),
  // An error rate is shown as the share of calls that were ok.
  percent(1 - value),
  unitShare(value),
  // Bytes are shown in megabytes.
  figure(value / 1e6),
  ratio(value),
  lowEnd(value),
  highEnd(value),
];

/** Cells of figures in the tables of a page, as text. */
function figuresOn(text: string): readonly string[] {
  return [...text.matchAll(/<td(?: class="bad")?>([^<]*)<\/td>/g)]
    .map(([, cell]) => cell!.replaceAll('&gt;', '>').replaceAll('&lt;', '<'))
    .filter((cell) => /^[<>]?[\d.,]+$/.test(cell));
}

const SAMPLES: Readonly<Record<string, () => ResultDocument>> = {
  demo: samples.demo,
  interrupted: samples.interrupted,
  judged: samples.judged,
  allDropped: samples.allDropped,
  allFailed: samples.allFailed,
  hostile: samples.hostile,
  modes,
  plantedFaults,
  sweep,
  changes,
  gateway,
};

describe('the figures in the tables of the page', () => {
  it.each(Object.entries(SAMPLES))('are those of the document: %s', async (_, make) => {
    const document = make();
    const known = new Set(numbersIn(document).flatMap(wordings));
    const shown = figuresOn(await page(modelOf(document)));
    expect(shown.length).toBeGreaterThan(10);
    expect([...new Set(shown)].filter((cell) => !known.has(cell))).toEqual([]);
  });

  it('are checked by a rule that finds one that was made up', async () => {
    const document = samples.demo();
    const known = new Set(numbersIn(document).flatMap(wordings));
    expect(known.has(figure(123.4567 + Number(document.variants[0]!.summary!.rate.achievedPerSecond)))).toBe(
      false,
    );
  });
});
