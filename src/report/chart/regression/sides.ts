/** @module How both sides of a comparison are drawn, and the panels that show them variant by variant. */
import { plain, shortenAll } from '../../wording.ts';
import { boldLettersIn, type Width } from '../chart.ts';
import { SERIES } from '../palette.ts';
import { type Panels, panelsOf } from '../panels.ts';

/** The sides in the order in which they are drawn. */
export const SIDES = ['base', 'candidate'] as const;
export type SideName = (typeof SIDES)[number];

const LEGEND = { title: null, orient: 'top', direction: 'horizontal', symbolSize: 90 } as const;

const encodingOf = (range: readonly string[]) =>
  ({
    field: 'side',
    type: 'nominal',
    scale: { domain: [...SIDES] as string[], range: [...range] },
    legend: LEGEND,
  }) as const;

/** Colour and shape of a side, by the field `side`. */
export const SIDE_COLOUR: ReturnType<typeof encodingOf> = encodingOf([SERIES[5]!, SERIES[0]!]);
export const SIDE_SHAPE: ReturnType<typeof encodingOf> = encodingOf(['circle', 'square']);

/** Said in a caption of which some rows or panels are left out; otherwise nothing. */
export const cutText = (drawn: number, all: number): string =>
  drawn < all ? ` The first ${drawn} of ${all} are drawn.` : '';

/** More panels than this are left to the table. */
export const MOST_PANELS = 12;

/** What stands above a panel: `sticky: 2.43 ms → 2.70 ms`. */
interface Head {
  /** Empty where there is none. */
  readonly name: string;
  readonly note: string;
}

/** A panel for each of `heads`, with names cut so that the notes have room. */
export function headedPanels(heads: readonly Head[], width: Width): Panels {
  const letters = boldLettersIn(panelsOf(heads, width).width);
  const longest = Math.max(...heads.map(({ note }) => note.length)) + 2;
  const names = shortenAll(
    heads.map(({ name }) => plain(name)),
    letters - longest,
  );
  return panelsOf(
    heads.map(({ note }, at) => ({ name: names[at] === '' ? note : `${names[at]}: ${note}` })),
    width,
  );
}
