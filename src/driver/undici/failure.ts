/** @module The errors of undici as outcomes. */
import type { Endpoint } from '../endpoint.ts';
import { type Failure, failureOf } from '../failure.ts';
import { ProxyError } from './proxy.ts';

interface Coded extends Error {
  readonly code?: string;
}

/** How far a call had progressed when undici aborted it. */
export type UndiciStage = 'connecting' | 'connected' | 'answering';

/**
 * Names an error that undici reports. Undici calls every fault of framing a content-length mismatch once it has seen
 * that header; whether the head was accepted tells a cut-off body (`reset`) from bad framing (`malformed`).
 */
export function undiciFailure(error: Error, stage: UndiciStage, endpoint: Endpoint): Failure {
  if (error instanceof ProxyError) return error.failure;
  const { secure, proxy } = endpoint;
  const address =
    proxy === undefined ? endpoint.address : `${endpoint.address} through proxy ${proxy.address}`;
  const code = (error as Coded).code ?? '';
  const mismatch = code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  // Errors of the parser carry no code (a mistake in undici), only llhttp's reason.
  if (error.message.includes('Invalid EOF state') || (mismatch && stage === 'answering')) {
    return { outcome: 'reset', detail: `closed during the answer ${address}` };
  }
  // Undici does not tell whether the server processed the call (it reads no last stream of a GOAWAY), so the call is not sent again.
  if (error.message.includes('"GOAWAY"'))
    return { outcome: 'reset', detail: `GOAWAY ${address} (the server closed the connection)` };
  const fault = httpFault(error, code);
  if (fault !== undefined) return { outcome: 'malformed', detail: fault, cause: 'not-http' };
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { outcome: 'refused', detail: `ETIMEDOUT ${address}` };
  return failureOf(error, stage === 'connecting' ? 'connecting' : 'connected', address, secure);
}

/** What is wrong with an answer that undici refuses as HTTP; `undefined` for another error. */
function httpFault(error: Error, code: string): string | undefined {
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return 'Content-Length, or the framing beside it, is wrong';
  if (error.name === 'HTTPParserError') return error.message;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'response head too large';
  const unasked = code === 'UND_ERR_SOCKET' && error.message.startsWith('bad ');
  return unasked ? `${error.message} (100 or 101, which was not requested)` : undefined;
}
