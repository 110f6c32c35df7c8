/** @module The check for a driver that does not verify certificates: the user has to allow that. */
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
