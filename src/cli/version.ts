/** @module The version of this package. */
import { readFileSync } from 'node:fs';

/** As in `package.json`, two folders up from `dist/cli/` as from `src/cli/`. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  }
).version;
