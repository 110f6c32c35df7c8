/** @module Failures of connections and calls, as an outcome with an error detail. */
import type { Cause } from '../protocol/cause.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { formatMicros, type Micros } from '../units/time.ts';

/** An outcome that is not an answer. */
export interface Failure {
  readonly outcome: Outcome;
  readonly detail: string;
  readonly cause?: Cause;
}

/** How far a connection had come when it failed: the same `ECONNRESET` means different things. */
export type Stage = 'connecting' | 'connected';

/** Largest body that is kept, in bytes; a longer one is counted to its end and the answer is `malformed`. */
export const BODY_LIMIT = 16 * 1024 * 1024;

/** Largest response head that is read, in bytes. */
export const HEAD_LIMIT = 64 * 1024;

const TLS =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CRL_|ERROR_IN_C|INVALID_|PATH_LENGTH|HOSTNAME_MISMATCH|EPROTO)/;

/** Failures of the machine that connects, which a server has no part in. */
const LOCAL: Readonly<Record<string, string>> = {
  EMFILE: 'this process has as many files open as it may: raise ulimit -n, or lower load.maxConnections',
  ENFILE: 'this machine has as many files open as it may: lower load.maxConnections',
  EADDRNOTAVAIL: 'this machine has no free port left for the connection: lower load.maxConnections',
};

/** The code of the error of a driver when client and server have no version of HTTP in common. */
export const NO_COMMON_VERSION = 'ERR_TLS_ALPN';

/** Causes by code: of certificates that are not accepted (OpenSSL, X509_verify_cert_error; Node for the host name), and of ALPN. */
const TLS_CAUSES: Readonly<Record<string, Cause | undefined>> = {
  [NO_COMMON_VERSION]: 'no-common-version',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted-certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted-certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted-certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted-certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted-certificate',
  CERT_UNTRUSTED: 'untrusted-certificate',
  CERT_HAS_EXPIRED: 'wrong-certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-certificate',
};

interface Coded extends Error {
  readonly code?: string;
}

/** Names an error of a socket (codes of Node and OpenSSL). `address` is where the connection leads: `127.0.0.1:3000`. */
export function failureOf(error: Error, stage: Stage, address: string, secure = false): Failure {
  const code = (error as Coded).code;
  if (code !== undefined && TLS.test(code)) {
    const cause = TLS_CAUSES[code];
    const detail = `${code} ${address} (${tlsReason(error.message)})`;
    return { outcome: 'tls-error', detail, ...(cause !== undefined && { cause }) };
  }
  if (secure && stage === 'connecting' && code === 'ECONNRESET') {
    return { outcome: 'tls-error', detail: `${code} ${address} (closed during the TLS handshake)` };
  }
  const outcome = stage === 'connecting' ? 'refused' : 'reset';
  const local = code === undefined ? undefined : LOCAL[code];
  const why = local === undefined ? '' : ` (${local})`;
  return { outcome, detail: `${code ?? firstLine(error.message)} ${address}${why}` };
}

/** The outcome for a body beyond {@link BODY_LIMIT}, which is not classified. */
export function bodyTooLarge(bytes: number): Failure {
  return {
    outcome: 'malformed',
    detail: `body of ${bytes} bytes exceeds the limit of ${BODY_LIMIT} bytes`,
  };
}

/** How far a call had progressed when it timed out; `no-streams`: the server allows none on its connection; `in-event`: within an event of an event stream. */
export type TimedOut = 'waiting' | 'no-streams' | 'sent' | 'answering' | 'in-event';

/** The outcome of a call that timed out, of which `waitedUs` was the wait for a connection. Details are counted by text, so it has no measured time. */
export function timedOut(stage: TimedOut, timeoutUs: Micros, waitedUs: Micros = 0): Failure {
  const span = formatMicros(timeoutUs);
  if (stage === 'no-streams') {
    const detail = `not sent within ${span}: the server allows no calls on a connection (SETTINGS_MAX_CONCURRENT_STREAMS is 0)`;
    return { outcome: 'timeout', detail, cause: 'no-streams' };
  }
  const what = stage === 'waiting' ? 'no connection' : stage === 'sent' ? 'no answer' : 'no complete answer';
  const waited =
    stage !== 'waiting' && 2 * waitedUs > timeoutUs ? ', most of which was the wait for a connection' : '';
  const why = stage === 'in-event' ? ': no empty line follows the data of the last event' : '';
  return { outcome: 'timeout', detail: `${what} within ${span}${waited}${why}` };
}

/** The error of OpenSSL when the first bytes received are not TLS. */
const NO_TLS = /wrong version number|packet length too long|http request|https proxy request/;

/** OpenSSL's `805C...:error:0A00010B:SSL routines:function:reason:file:line:...` as what a person can use. */
function tlsReason(message: string): string {
  if (NO_TLS.test(message))
    return 'the server does not speak TLS; if that is intended, use a URL that begins with http://';
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? firstLine(message);
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}
