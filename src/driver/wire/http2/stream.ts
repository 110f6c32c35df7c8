/** @module One stream of a session: a request and its answer, as far as frames go. */
import type { FieldSink } from '../../../http/http2/hpack-decoder.ts';
import { ResponseRules } from '../../../http/http2/response-rules.ts';
import { ReceiveWindow, SendWindow } from '../../../http/http2/windows.ts';
import type { Classified } from '../../../protocol/classify.ts';
import type { Http2Head } from './answer-head.ts';

/** Bytes that the server may send on a stream, and on a connection, before it hears that we took them. */
export const RECEIVE_WINDOW: number = 16 * 1024 * 1024;

/** How a stream ended without an answer. */
export interface Loss {
  readonly classified: Classified;
  /**
   * Whether the request may be sent again. `always`: it was not sent; or the server guarantees that it has not processed it (RFC 9113, section
   * 8.7), and processed others of the same connection, so that each attempt gets further. `once`: the server guarantees that
   * it has not processed it. `never`: it may have been executed.
   */
  readonly again: 'always' | 'once' | 'never';
}

/** A stream, which receives the answer to one request. A subclass may use it for one after the other. */
export abstract class Http2Stream implements FieldSink {
  id = 0;
  readonly sendWindow = new SendWindow();
  readonly receiveWindow = new ReceiveWindow(RECEIVE_WINDOW);
  readonly rules = new ResponseRules(this);
  /** Takes the fields of a final head that is being read. */
  fresh: Http2Head | undefined = undefined;
  /** The final head; `undefined` before it. */
  head: Http2Head | undefined = undefined;
  /** The rest of the request's body, for which the windows have had no room yet. */
  unsent: Buffer | undefined = undefined;
  /** Whether data came in the read that is going on. The session alone sets it. */
  touched = false;

  /** Makes ready for a request on the stream `id`. */
  begin(id: number, windowBytes: number): void {
    this.id = id;
    this.sendWindow.available = windowBytes;
    this.receiveWindow.clear();
    this.rules.clear();
    this.head = undefined;
    this.unsent = undefined;
    this.touched = false;
  }

  field(name: string, value: string): void {
    this.fresh?.field(name, value);
  }

  /** The first bytes of the answer arrived. */
  abstract onBegin(): void;
  /** {@link head} is there. */
  abstract onHead(): void;
  /** A piece of the body lies in [`from`, `to`), until {@link onReadEnd} or {@link onEnd}. */
  abstract onData(bytes: Buffer, from: number, to: number): void;
  /** The read in which data came is over, and the answer is not complete. */
  abstract onReadEnd(): void;
  /** The answer is complete. Called last, as is {@link onLoss}. */
  abstract onEnd(): void;
  abstract onLoss(loss: Loss): void;
}
