/** @module The table of drivers. Each is loaded when it is chosen: a run should not wait for the libraries of the others. */
import type { DriverName } from '../profile/kinds.ts';
import type { CreateDriver } from './driver.ts';

/** One line per driver; the names are those of `load.driver`. */
const DRIVERS: Readonly<Record<DriverName, () => Promise<CreateDriver>>> = {
  wire: async () => (await import('./wire/wire.ts')).createWireDriver,
  undici: async () => (await import('./undici/undici.ts')).createUndiciDriver,
  autocannon: async () => (await import('./autocannon/autocannon.ts')).createAutocannonDriver,
};

/** The driver of that name. */
export function loadDriver(name: DriverName): Promise<CreateDriver> {
  return DRIVERS[name]();
}
