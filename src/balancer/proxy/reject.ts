/** @module A message the proxy will not pass on, and the JSON answers it gives in its own name. */

/** Bytes that are not HTTP/1.1 as the proxy is willing to forward it. `status` is what a client is answered; a broken upstream always becomes 502. */
export class Reject extends Error {
  override readonly name = 'Reject';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  505: 'HTTP Version Not Supported',
};

/** A whole answer of the proxy's own: JSON `{"error": message}`. Without `x-served-by`, because no instance served it. */
export function ownAnswer(status: number, message: string, close: boolean): string {
  const body = JSON.stringify({ error: message });
  return (
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\nserver: paceline-balancer\r\n${close ? 'connection: close\r\n' : ''}\r\n${body}`
  );
}
