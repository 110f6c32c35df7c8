/** @module The driver over HTTP/2, as tests of single behaviours start it. */
import { driverOptions } from '../../conformance/suite.case.ts';
import type { Driver, DriverOptions } from '../../driver.ts';
import { createWireDriver } from '../wire.ts';

/** A driver for `url` that speaks HTTP/2 only, and accepts every certificate. */
export function http2Driver(url: string, options: Partial<DriverOptions> = {}): Driver {
  return createWireDriver({ ...driverOptions(url), tls: { insecure: true }, http: '2', ...options });
}
