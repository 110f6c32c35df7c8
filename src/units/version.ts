/** @module The version of this package. */
import { readFileSync } from 'node:fs';

/** As in `package.json`, two folders up from `dist/units/` as from `src/units/`. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  }
).version;
