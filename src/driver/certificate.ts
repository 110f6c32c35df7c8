/** @module A driver that would not check the certificate of a server, which has to be asked for. */
import type { DriverName } from '../profile/kinds.ts';
import { unsupportedCertificate } from '../profile/unsupported.ts';
import type { Problem } from '../units/user-error.ts';
import type { DriverOptions } from './driver.ts';

/** The problem with `driver` at an `https` URL whose certificate is to be checked; `undefined`: none. */
export function certificateProblem(
  driver: DriverName,
  { url, tls }: Pick<DriverOptions, 'url' | 'tls'>,
): Problem | undefined {
  const { protocol, host } = new URL(url);
  if (protocol !== 'https:' || tls.insecure) return undefined;
  const problem = unsupportedCertificate(driver, host);
  return problem === undefined ? undefined : { where: 'load.driver', ...problem };
}
