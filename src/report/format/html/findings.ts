/** @module Findings as a list of the page. */
import type { Finding } from '../../findings/findings.ts';
import { keepUnits } from '../../wording.ts';
import { EMPTY, html, type Markup } from '../markup.ts';

/** Nothing without findings. */
export const findingList = (some: readonly Finding[]): Markup =>
  some.length === 0
    ? EMPTY
    : html`<ul class="findings" aria-label="Findings">${some.map(({ tone, text }) => html`<li class="${tone}">${keepUnits(text)}</li>`)}</ul>`;
