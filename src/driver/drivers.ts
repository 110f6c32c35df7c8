/** @module The table of drivers. */
import { createAutocannonDriver } from './autocannon.ts';
import type { CreateDriver } from './driver.ts';
import { createUndiciDriver } from './undici.ts';
import { createWireDriver } from './wire/wire.ts';

/** One line per driver; the names are those of `load.driver`. */
export const DRIVERS: Readonly<Record<'autocannon' | 'undici' | 'wire', CreateDriver>> = {
  autocannon: createAutocannonDriver,
  undici: createUndiciDriver,
  wire: createWireDriver,
};
