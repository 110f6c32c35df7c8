/** @module Collects the body of an upstream's answer while it is passed on, and finds the message in it. */
import { BodyReader } from '../../../http/body-reader.ts';
import { bodyKind } from '../../../protocol/answer.ts';
import { endsWithinEvent, parseEvents } from '../../../protocol/sse.ts';
import type { NotKept } from '../../stats.ts';
import { fieldIn } from '../fields.ts';
import type { UpstreamHead } from '../heads.ts';
import type { Piece } from '../piece.ts';

/** Most bytes of an answer that is collected. */
const MOST_ANSWER = 8 * 1024 * 1024;

/** Why an answer cannot be read. */
export type Unreadable = Extract<NotKept, 'status' | 'encoded' | 'type' | 'size' | 'events'>;

/** The answer to one request. Its bytes are copied, at most {@link MOST_ANSWER} of them. */
export class CollectedAnswer {
  readonly #body = new BodyReader();
  readonly #parts: Buffer[] = [];
  readonly #isStream: boolean;
  #size = 0;
  #unreadable: Unreadable | undefined;

  constructor(head: UpstreamHead) {
    const { text } = head.fields;
    const kind = bodyKind(fieldIn(text, 'content-type'));
    this.#isStream = kind === 'events';
    if (head.status !== 200) this.#unreadable = 'status';
    else if (fieldIn(text, 'content-encoding') !== undefined) this.#unreadable = 'encoded';
    else if (kind === 'other') this.#unreadable = 'type';
    this.#body.begin(head.body);
  }

  take({ chunk, from, to }: Piece<UpstreamHead>): void {
    if (this.#unreadable === undefined) this.#body.read(chunk, from, to, this);
  }

  append(bytes: Buffer, from: number, to: number): void {
    this.#size += to - from;
    if (this.#size <= MOST_ANSWER) this.#parts.push(Buffer.from(bytes.subarray(from, to)));
    else {
      this.#unreadable = 'size';
      this.#parts.length = 0;
    }
  }

  /** The JSON text of the message, when the answer is complete. */
  message(): { readonly text: string } | { readonly unreadable: Unreadable } {
    if (this.#unreadable !== undefined) return { unreadable: this.#unreadable };
    const text = Buffer.concat(this.#parts).toString();
    if (!this.#isStream) return { text };
    const messages = parseEvents(text).filter((data) => data.trim() !== '');
    return messages.length === 1 && !endsWithinEvent(text)
      ? { text: messages[0]! }
      : { unreadable: 'events' };
  }
}
