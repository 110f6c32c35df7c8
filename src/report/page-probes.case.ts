/** @module What tests look for on a page: JavaScript expressions, evaluated in the browser. */

/** What is wider than the window and is not within a container that scrolls by itself. */
export const OVERFLOWING = `[...document.querySelectorAll('body *:not(.scroll, .scroll *, svg, svg *)')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
  .map((each) => each.tagName + '.' + each.className)`;

/** Cells of tables of results that are only seen when the table is scrolled. */
export const HIDDEN_FIGURES = `[...document.querySelectorAll('.blocks th, .blocks td')]
  .filter((cell) => cell.getBoundingClientRect().right > innerWidth || cell.scrollWidth > cell.clientWidth + 1)
  .map((cell) => cell.textContent)`;

/** The smallest text of the drawings that are shown, in pixels of the screen. */
export const SMALLEST = `Math.min(...[...document.querySelectorAll('.drawing svg')]
  .filter((svg) => svg.getClientRects().length > 0)
  .flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll('text')].map((text) => parseFloat(text.getAttribute('font-size')) * scale);
  }))`;

/** Text of the drawings that is cut off by their edge. */
export const CUT = `[...document.querySelectorAll('.drawing svg')]
  .filter((svg) => svg.getClientRects().length > 0)
  .flatMap((svg) => {
    const edge = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')]
      .filter((text) => { const box = text.getBoundingClientRect(); return box.right > edge.right + 2 || box.left < edge.left - 2; })
      .map((text) => text.textContent);
  })`;

/** Pairs of texts in a drawing that lie on each other. */
export const OVERLAPPING = `[...document.querySelectorAll('.drawing svg')]
  .filter((svg) => svg.getClientRects().length > 0)
  .flatMap((svg) => {
    const texts = [...svg.querySelectorAll('text')]
      .filter((text) => text.textContent !== '' && getComputedStyle(text).opacity !== '0')
      .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    return texts.flatMap((one, at) => texts.slice(at + 1)
      .filter(({ box }) => box.left < one.box.right - 1 && box.right > one.box.left + 1
        && box.top < one.box.bottom - 3 && box.bottom > one.box.top + 3)
      .map(({ text }) => one.text + ' | ' + text));
  })`;
