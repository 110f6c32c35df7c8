/** @module The JSON-RPC messages in the body of an answer that stays open. */
import { bodyKind, isMessage } from '../protocol/answer.ts';
import { messagesIn } from '../protocol/answer-events.ts';
import { EventReader, type StreamPosition } from '../protocol/sse.ts';
import { AnswerBody } from './answer-body.ts';
import type { AnswerFields } from './answer-fields.ts';
import { decoded } from './call-answer.ts';

/** What the head of a stream says of its body. */
type BodyFields = Pick<AnswerFields, 'contentType' | 'contentEncoding'>;

const NOTHING = Buffer.alloc(0);

/** Reads the body of one stream, in pieces of any size. A JSON body is one message, with which a server refuses the stream; any other body has none. */
export class StreamMessages {
  /** Made with the first bytes: thousands of streams may be open, and little comes over most of them. */
  #events: EventReader | undefined = undefined;
  /** The whole body, kept only when it has a content encoding or is JSON. What lies beyond the limit of a body is not read. */
  #whole: AnswerBody | undefined = undefined;
  /** Decoded bytes that `#events` has read. */
  #read = 0;

  /** The messages that `bytes` complete. */
  take(fields: BodyFields, bytes: Buffer): readonly string[] {
    const kind = bodyKind(fields.contentType);
    if (kind === 'json') this.#keep(bytes);
    if (kind !== 'events') return [];
    this.#events ??= new EventReader();
    return messagesIn(
      this.#events,
      fields.contentEncoding === undefined ? bytes : this.#decode(fields, bytes),
    );
  }

  /** The message of a JSON body that has ended. */
  end(fields: BodyFields): readonly string[] {
    if (this.#whole === undefined || bodyKind(fields.contentType) !== 'json') return [];
    const bytes = decoded(fields, this.#whole.bytes(), true);
    const text = bytes.toString();
    return typeof bytes !== 'string' && isMessage(text) ? [text] : [];
  }

  #keep(bytes: Buffer): AnswerBody {
    this.#whole ??= new AnswerBody();
    this.#whole.append(bytes, 0, bytes.length);
    this.#whole.hold();
    return this.#whole;
  }

  /** What `bytes` add to the decoded body. */
  #decode(fields: BodyFields, bytes: Buffer): Buffer {
    const whole = decoded(fields, this.#keep(bytes).bytes(), false);
    if (typeof whole === 'string') return NOTHING;
    const fresh = whole.subarray(this.#read);
    this.#read = Math.max(this.#read, whole.length);
    return fresh;
  }

  /** Where the stream can be continued; `undefined` when no event had an id. */
  get position(): StreamPosition | undefined {
    return this.#events?.position;
  }
}
