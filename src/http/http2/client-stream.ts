/** @module One stream of a client's session: a request and its answer, as far as frames go. */
import type { FieldSink } from './hpack-decoder.ts';
import type { Loss } from './loss.ts';
import { ResponseRules } from './response-rules.ts';
import { ReceiveWindow, SendWindow } from './windows.ts';

/** What a stream is made with. */
export interface StreamOptions {
  /** Bytes that the server may send before it hears that they were taken. The same for all streams of a session. */
  readonly windowBytes: number;
  /** Which fields the stream takes: those of the final head, or those of interim heads and of trailers as well. */
  readonly fields?: 'head' | 'all';
}

/** A stream, which receives the answer to one request. A subclass may use it for one after the other. */
export abstract class ClientStream implements FieldSink {
  id = 0;
  readonly sendWindow = new SendWindow();
  readonly receiveWindow: ReceiveWindow;
  readonly rules: ResponseRules;
  /** Whether the request is one with HEAD, whose answer has no data, whatever its length says. */
  toHead = false;
  /** What the windows have had no room for yet of the request's body. */
  unsent: Buffer | undefined = undefined;
  /** Whether more of the request's body will come. */
  unfinished = false;
  /** Whether the server is not told that its data was taken: it stops when the window is used up. */
  held = false;
  /** Whether data came in the read that is going on. The session alone sets it. */
  touched = false;

  constructor({ windowBytes, fields = 'head' }: StreamOptions) {
    this.receiveWindow = new ReceiveWindow(windowBytes);
    this.rules = new ResponseRules(this, fields);
  }

  /** Makes ready for a request on the stream `id`. */
  open(id: number, windowBytes: number): void {
    this.id = id;
    this.sendWindow.available = windowBytes;
    this.receiveWindow.clear();
    this.rules.clear(this.toHead);
    this.unsent = undefined;
    this.unfinished = false;
    this.held = false;
    this.touched = false;
  }

  abstract field(name: string, value: string): void;
  /** A header block has arrived, whose fields follow: a head, an interim one, or trailers. */
  abstract onBlock(): void;
  /** The final head is complete; its status is in {@link rules}. */
  abstract onHead(): void;
  /** An interim head is complete; its status is in {@link rules}. */
  onInterim(): void {}
  /** A piece of the body lies in [`from`, `to`), until {@link onReadEnd} or {@link onEnd}. */
  abstract onData(bytes: Buffer, from: number, to: number): void;
  /** The read in which the head or data came is over, and the answer is not complete. */
  abstract onReadEnd(): void;
  /** The answer is complete. Called last, as is {@link onLoss}. */
  abstract onEnd(): void;
  abstract onLoss(loss: Loss): void;
  /** What was left of the request's body has been sent: more may follow. Only for one that is sent in pieces. */
  onSent(): void {}
}
