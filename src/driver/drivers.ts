/** @module The table of drivers. */
import type { CreateDriver } from './driver.ts';
import { createUndiciDriver } from './undici.ts';
import { createWireDriver } from './wire/wire.ts';

/** One line per driver; the names are those of `load.driver`. */
export const DRIVERS: Readonly<Record<'undici' | 'wire', CreateDriver>> = {
  undici: createUndiciDriver,
  wire: createWireDriver,
};
