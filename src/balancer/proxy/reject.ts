/** @module A message the proxy will not pass on. */
import { describeFault, type HttpFault } from '../../http/fault.ts';

/** Bytes that are not HTTP/1.1 as the proxy is willing to forward it. `status` is what a client is answered; a broken upstream always becomes 502. */
export class Reject extends Error {
  override readonly name = 'Reject';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The rejection of a message with `fault`. */
export function rejectionOf(fault: HttpFault): Reject {
  const { status, text } = describeFault(fault);
  return new Reject(status, text);
}
