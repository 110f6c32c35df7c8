/** @module The errors of undici as outcomes. */
import type { Endpoint } from './endpoint.ts';
import { type Failure, failureOf } from './failure.ts';

interface Coded extends Error {
  readonly code?: string;
}

/**
 * Names an error that undici reports. Undici calls every fault of framing a content-length mismatch once it has seen
 * that header; whether the head was accepted tells a cut-off body (`reset`) from bad framing (`malformed`).
 */
export function undiciFailure(
  error: Error,
  stage: 'connecting' | 'connected' | 'answering',
  endpoint: Endpoint,
): Failure {
  const { address, secure } = endpoint;
  const code = (error as Coded).code ?? '';
  if (
    code === 'HPE_INVALID_EOF_STATE' ||
    (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && stage === 'answering')
  ) {
    return { outcome: 'reset', detail: `closed in mid-answer ${address}` };
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return { outcome: 'malformed', detail: `${error.message || code} (${code})` };
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { outcome: 'malformed', detail: 'response head too large' };
  if (code === 'UND_ERR_SOCKET' && error.message.startsWith('bad ')) {
    return { outcome: 'malformed', detail: `${error.message} ${address}` };
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { outcome: 'refused', detail: `ETIMEDOUT ${address}` };
  return failureOf(error, stage === 'connecting' ? 'connecting' : 'connected', address, secure);
}
