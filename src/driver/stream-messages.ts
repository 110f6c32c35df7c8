/** @module The JSON-RPC messages in the body of a GET stream. */
import { bodyKind } from '../protocol/answer.ts';
import { messagesIn } from '../protocol/answer-events.ts';
import { EventReader, type StreamPosition } from '../protocol/sse.ts';
import { AnswerBody } from './answer-body.ts';
import type { AnswerFields } from './answer-fields.ts';
import { decoded } from './call-answer.ts';

/** What the head of a stream says of its body. */
type BodyFields = Pick<AnswerFields, 'contentType' | 'contentEncoding'>;

const NOTHING = Buffer.alloc(0);

/** Reads the body of one stream, in pieces of any size. A body that is no event stream has no messages. */
export class StreamMessages {
  /** Made with the first bytes: thousands of streams may be open, and little comes over most of them. */
  #events: EventReader | undefined = undefined;
  /** The whole body, kept only when it has a content encoding. What lies beyond the limit of a body is not read. */
  #coded: AnswerBody | undefined = undefined;
  /** Decoded bytes that `#events` has read. */
  #read = 0;

  /** The messages that `bytes` complete. */
  take(fields: BodyFields, bytes: Buffer): readonly string[] {
    if (bodyKind(fields.contentType) !== 'events') return [];
    this.#events ??= new EventReader();
    return messagesIn(
      this.#events,
      fields.contentEncoding === undefined ? bytes : this.#decode(fields, bytes),
    );
  }

  /** What `bytes` add to the decoded body. */
  #decode(fields: BodyFields, bytes: Buffer): Buffer {
    this.#coded ??= new AnswerBody();
    this.#coded.append(bytes, 0, bytes.length);
    this.#coded.hold();
    const whole = decoded(fields, this.#coded.bytes(), false);
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
