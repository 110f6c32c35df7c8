/** @module The error of a probe: the problem of a reply, with the address and what may stand between. */
import type { DriverOptions, Reply } from '../driver/driver.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Cause } from '../protocol/cause.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** What a recognised cause means, where the detail does not say it, and what to do. */
const ADVICE: Readonly<Record<Cause, { readonly what?: string; readonly todo: string }>> = {
  'host-check': {
    what: 'the server checks the Host and Origin headers and refuses this one',
    todo: 'use a URL with a host name that the server accepts, such as localhost; set Origin with --header if it needs one; or allow this host in the settings of the server',
  },
  'not-http': {
    what: 'the server does not speak MCP: its answer is not valid HTTP/1.1',
    todo: 'check the host and port of the URL; if they are right, the server or a gateway before it sends what clients refuse',
  },
  'http1-only': { todo: 'set load.http to 1.1' },
  'http2-only': { todo: 'set load.http to 2' },
  'no-common-version': { todo: 'set load.http to a version that the server accepts, or to auto' },
  'no-streams': { todo: 'allow streams in the settings of the server, or set load.http to 1.1' },
  'untrusted-certificate': {
    what: 'the certificate of the server is not trusted',
    todo: 'trust the authority that signed it, or the certificate itself, with --ca-file FILE, or accept any certificate with --insecure',
  },
  'wrong-certificate': {
    what: 'the certificate of the server is not valid for this address',
    todo: 'use the host name that it is for, renew it if it has expired, or accept any certificate with --insecure',
  },
};

/** The error of a probe that found no server that could be loaded. */
export class ProbeError extends UserError {
  /** Whether something answered, so that the error says more than that nothing is there yet. */
  readonly isAnswer: boolean;

  constructor(problem: Problem, isAnswer: boolean) {
    super(problem);
    this.isAnswer = isAnswer;
  }
}

/** The error for a reply from `url`. Without an answer, the cause may be the proxy as well as the server. */
export function errorAt(
  { url, proxy }: Pick<DriverOptions, 'url' | 'proxy'>,
  { status, outcome, cause, detail }: Reply,
  problem: Omit<Problem, 'where'>,
): ProbeError {
  const where = withoutSecretParameters(url);
  if (cause !== undefined) {
    const { what, todo } = ADVICE[cause];
    const said = what === undefined ? `${detail}` : `${what} (${detail})`;
    return new ProbeError({ where, what: said, todo }, status !== 0);
  }
  if (status !== 0) return new ProbeError({ where, ...problem }, true);
  if (proxy !== undefined) {
    const todo =
      'is target.proxy correct, does it accept your credentials, and is this the address of the server?';
    return new ProbeError({ where, ...problem, todo }, false);
  }
  // Most servers that speak TLS close the connection of a plain request.
  const closed = url.startsWith('http:') && outcome === 'reset';
  const hint = closed
    ? { todo: `${problem.todo}. If it speaks TLS, use a URL that begins with https://` }
    : {};
  return new ProbeError({ where, ...problem, ...hint }, outcome === 'malformed');
}
