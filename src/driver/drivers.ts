/** @module The table of drivers. */
import type { CreateDriver } from './driver.ts';
import { createUndiciDriver } from './undici.ts';

/** One line per driver; the names are those of `load.driver`. */
export const DRIVERS: Readonly<Record<'undici', CreateDriver>> = {
  undici: createUndiciDriver,
};
