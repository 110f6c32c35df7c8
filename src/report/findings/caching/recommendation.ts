/** @module Findings about which `ttlMs` to set, computed by replaying the calls of the run. */
import { formatMicros } from '../../../units/time.ts';
import { askedText, type Cached, keeping, nounOf, ttlText } from '../../caching/cached.ts';
import { curvesOf } from '../../caching/curves.ts';
import { recommendedOf } from '../../caching/recommended.ts';
import type { Model } from '../../model.ts';
import { percentWithUnit, plural } from '../../wording.ts';
import type { Finding } from '../finding.ts';

/** Of more curves the table has the rest. */
const MOST_SENTENCES = 2;

/** One sentence for each curve that differs from the others; where all come to the same, one. */
export function recommendationFindings(model: Model): readonly Finding[] {
  const curves = curvesOf(model);
  const isKept = keeping(model).length > 0;
  const plain = new Set(curves.flatMap(({ one }) => textOf(one, '', isKept)));
  const texts = plain.size > 1 ? curves.flatMap(({ one, label }) => textOf(one, label, isKept)) : [...plain];
  return texts.slice(0, MOST_SENTENCES).map((text) => ({ tone: 'neutral', text }));
}

/** That no lifetime can be recommended is told only where something is kept (`isKept`): nobody asked otherwise. */
function textOf(one: Cached, label: string, isKept: boolean): readonly string[] {
  const recommended = recommendedOf(one);
  if (recommended.kind === 'none') return [];
  const where = label === '' ? '' : `, with ${label}`;
  if (recommended.kind === 'beyond-run') {
    if (!isKept) return [];
    return [
      `No ttlMs can be recommended for ${askedText([one])}${where}: the saving still rises at ${ttlText(recommended.runMs)}, the length of the run; a longer load.duration tells more.`,
    ];
  }
  const { ttlMs, avoided, best, maxStaleMs, isBounded } = recommended.of;
  const what = isBounded
    ? `The bound of ${ttlText(maxStaleMs!)} (cache.maxStale) leaves a ttlMs of ${ttlText(ttlMs)} for ${askedText([one])}${where}`
    : `The smallest ttlMs for ${askedText([one])} within 2 % of the best saving${where} is ${ttlText(ttlMs)}`;
  const bound =
    maxStaleMs === null || isBounded ? '' : `, within the bound of ${ttlText(maxStaleMs)} (cache.maxStale)`;
  return [
    `${what} (it saves ${percentWithUnit(avoided)} of the ${nounOf([one])}, the best ${percentWithUnit(best)}${bound}). It is computed by replaying the calls of this run, and holds for ${scopeText(one)}.${fewText(one)}`,
  ];
}

/** The share of fewer calls is off by some points. */
const FEW = 200;

function fewText({ cache }: Cached): string {
  const calls = Object.values(cache.byMethod).reduce((sum, method) => sum + method.calls, 0);
  return calls < FEW ? ` These are ${plural(calls, 'call')}, too few for more than a rough figure.` : '';
}

/** `their rate and the 20 s of the run`. */
function scopeText({ variant }: Cached): string {
  const load = variant.settings.effective?.load;
  return load === undefined
    ? 'its length and rate'
    : `its rate and its length of ${formatMicros(load.durationUs)}`;
}
