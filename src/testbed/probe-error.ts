/** @module The error of a probe: the problem of a reply, with the address and what may stand between. */
import type { DriverOptions, Reply } from '../driver/driver.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** The error for a reply from `url`. Without an answer, the cause may be the proxy as well as the server. */
export function errorAt(
  { url, proxy }: Pick<DriverOptions, 'url' | 'proxy'>,
  { status, outcome }: Reply,
  problem: Omit<Problem, 'where'>,
): UserError {
  const where = withoutSecretParameters(url);
  if (status !== 0) return new UserError({ where, ...problem });
  if (proxy !== undefined) {
    const todo =
      'is target.proxy correct, does it accept your credentials, and is this the address of the server?';
    return new UserError({ where, ...problem, todo });
  }
  // Most servers that speak TLS close the connection of a plain request.
  const closed = url.startsWith('http:') && outcome === 'reset';
  const hint = closed
    ? { todo: `${problem.todo}. If it speaks TLS, use a URL that begins with https://` }
    : {};
  return new UserError({ where, ...problem, ...hint });
}
