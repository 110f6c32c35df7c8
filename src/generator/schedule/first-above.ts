/** @module Finds which of many shares a draw falls into. */

/**
 * From a draw in [0, 1), the first of the rising `bounds` that is above `draw * scale`; the last one where none is. A table says where
 * the draws of each of many equal cells begin (the guide table of H.-C. Chen and Y. Asau, "On generating random variates from an
 * empirical distribution", AIIE Transactions 6, 1974), so that it takes about one step, however many bounds there are.
 */
export function firstAbove(bounds: Float64Array, scale: number): (draw: number) => number {
  const last = bounds.length - 1;
  // A power of two, so that the cell of a draw is exact.
  const cells = 2 ** Math.ceil(Math.log2(bounds.length));
  const starts = new Uint32Array(cells);
  for (let cell = 0, at = 0; cell < cells; cell += 1) {
    while (at < last && bounds[at]! <= (cell / cells) * scale) at += 1;
    starts[cell] = at;
  }
  return (draw) => {
    const value = draw * scale;
    let at = starts[Math.floor(draw * cells)]!;
    while (at < last && bounds[at]! <= value) at += 1;
    return at;
  };
}
