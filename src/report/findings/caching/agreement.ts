/** @module The finding about the ways to know a hit ratio: measured, replayed, and of the closed form. */
import { ttlText } from '../../caching/cached.ts';
import { curvesOf } from '../../caching/curves.ts';
import type { Model } from '../../model.ts';
import { list } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** Differences up to this are those of chance and of what a replay leaves out. */
const AGREES = 0.01;
/** More lifetimes are not listed. */
const MOST_TTLS = 6;

interface Gap {
  readonly name: string;
  readonly by: number;
}

/** The largest differences at the lifetimes in force; nothing where no variant has both. A replay knows of no entry that became stale before its end. */
export function agreementFindings(model: Model): readonly Finding[] {
  const both = curvesOf(model)
    .flatMap(({ measured }) => measured)
    .filter(({ one }) => one.cache.invalidated === 0)
    .flatMap(({ one, ttlMs, replayed }) =>
      replayed === undefined ? [] : [{ name: one.name, ttlMs, replayed, measured: one.cache.hitRatio! }],
    );
  if (both.length === 0) return [];
  const gapTo = (of: (replayed: (typeof both)[number]['replayed']) => number | null): Gap | undefined =>
    both
      .flatMap(({ name, replayed, measured }): readonly Gap[] => {
        const value = of(replayed);
        return value === null ? [] : [{ name, by: Math.abs(measured - value) }];
      })
      .sort((a, b) => b.by - a.by)[0];
  const [replay, form] = [gapTo(({ hitRatio }) => hitRatio)!, gapTo(({ closedForm }) => closedForm)];
  const ttls = [...new Set(both.map(({ ttlMs }) => ttlMs))].sort((a, b) => a - b);
  const at = ttls.length <= MOST_TTLS ? ` at a ttlMs of ${list(ttls.map(ttlText))}` : '';
  const closed = form === undefined ? '' : `, from the closed form by at most ${gapText(form, both.length)}`;
  return [
    {
      tone: replay.by <= AGREES ? 'good' : 'warning',
      text: `Measured hit ratios differ from the replay by at most ${gapText(replay, both.length)}${closed}${at}.`,
    },
  ];
}

/** `0.6 points (“ttl 5 s”)`; of one variant without its name. */
const gapText = ({ name, by }: Gap, of: number): string =>
  `${by < 0.0005 ? 'less than 0.1' : (by * 100).toFixed(1)} points${of > 1 ? ` (${quoted(name)})` : ''}`;
