/** @module The frame of every page: one file, no script, no request, light and dark. */
import { html, type Markup, trusted } from '../markup.ts';
import { STYLE } from './style.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The text of an HTML file with `content` in its `main`. */
export function shell(title: string, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title} – Paceline</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.markup;
}
