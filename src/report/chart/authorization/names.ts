/** @module Where the names of points with a line to their right stand, so that they are not cut more than need be and lie on nothing. */
import { shorten } from '../../wording.ts';
import { FONT_SIZE, lettersIn } from '../chart.ts';

/** Letters that a name beside its point has at least, unless it is shorter. */
const ENOUGH = 12;
/** From the middle of a point to that of a name above it. */
const ABOVE = 14;

/** A name at a point; pixels count from the point, or from the end of its line. */
interface PlacedName {
  readonly text: string;
  readonly at: 'point' | 'end';
  readonly align: 'left' | 'right';
  readonly dx: number;
  readonly dy: number;
}

/** The name of a point at `from` whose line ends at `to`, of `pixels` in all: on the side with more room, else above the point. */
export function placedName(name: string, from: number, to: number, pixels: number): PlacedName {
  const isRight = pixels - to >= from;
  const room = lettersIn((isRight ? pixels - to : from) - 12);
  if (room >= Math.min(ENOUGH, [...name].length)) {
    const text = shorten(name, room);
    return isRight
      ? { text, at: 'end', align: 'left', dx: 9, dy: 0 }
      : { text, at: 'point', align: 'right', dx: -11, dy: 0 };
  }
  const isLeft = from < pixels / 2;
  const text = shorten(name, lettersIn(isLeft ? pixels - from : from));
  return { text, at: 'point', align: isLeft ? 'left' : 'right', dx: isLeft ? -6 : 6, dy: -ABOVE };
}

/** How far each name is moved down so that names at nearly the same height do not lie on each other. */
export function spread(heights: readonly number[]): readonly number[] {
  const order = heights.map((_, at) => at).sort((a, b) => heights[a]! - heights[b]!);
  const dys = heights.map(() => 0);
  let last = Number.NEGATIVE_INFINITY;
  for (const at of order) {
    const wanted = Math.max(heights[at]!, last + FONT_SIZE + 4);
    dys[at] = Math.round(wanted - heights[at]!);
    last = wanted;
  }
  return dys;
}
