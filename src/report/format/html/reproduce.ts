/** @module The part of the page that says how to run the same again. */
import type { Model } from '../../model.ts';
import { reproductionOf } from '../../reproduction.ts';
import { EMPTY, html, type Markup, trusted } from '../markup.ts';

/** Text of several lines as it is; it scrolls by itself. */
export function preformatted(label: string, text: string): Markup {
  const lines = text.trimEnd().split('\n');
  const markup = lines.map((line) => `${/^ */.exec(line)![0]}${html`${line}`.markup}`);
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><pre>${trusted(markup.join('\n'))}</pre></div>`;
}

export function reproduce(model: Model): Markup {
  const { given, again, file, profile, isMasked } = reproductionOf(model);
  const { paceline, profileFile, seed } = model.document;
  const started =
    given === undefined
      ? EMPTY
      : html`<p>This run was started with:</p>${preformatted('Command line of this run', given)}`;
  const masked = isMasked
    ? html` Replace <code>(not recorded)</code> by your credentials: results do not hold them.`
    : EMPTY;
  const from = profileFile === undefined ? EMPTY : html`<dt>profile</dt><dd>${profileFile}</dd>`;
  return html`<h2>Reproduce this run</h2>
${started}<p>To run it again from this page, save the profile below as <code>${file}</code> and use Paceline ${paceline}:${masked}</p>
${preformatted('Command line to run it again', again)}
<dl>${from}<dt>seed</dt><dd>${seed}</dd><dt>version</dt><dd>Paceline ${paceline}</dd></dl>
<details><summary>The profile, with all flags applied</summary>${preformatted('Profile of this run', profile)}</details>`;
}
