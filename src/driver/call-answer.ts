/** @module The answer to one call: when it has arrived, and how it ends the call. */
import { decodeBody } from '../http/content-encoding.ts';
import { type Answer, answerText, bodyKind, goodAnswerText } from '../protocol/answer.ts';
import { AnswerEvents } from '../protocol/answer-events.ts';
import { causeOf } from '../protocol/cause.ts';
import { type Classified, classify, classifySlow, isOk, OK } from '../protocol/classify.ts';
import { safeDetail } from '../protocol/detail.ts';
import type { RepeatedAnswers } from '../protocol/repeated-answers.ts';
import type { Request } from '../protocol/request.ts';
import type { StreamPosition } from '../protocol/sse.ts';
import { viewOf } from '../units/same-bytes.ts';
import type { Micros } from '../units/time.ts';
import type { AnswerBody } from './answer-body.ts';
import { type AnswerFields, withHints } from './answer-fields.ts';
import { BODY_LIMIT, bodyTooLarge } from './failure.ts';

/**
 * How long a call whose answer has arrived keeps its connection for the end of the event stream, which mostly follows at once.
 * After that the connection is closed, because it cannot take another request. This time is in no response time, which ends
 * when the answer arrives (docs/decisions/0016-answers-in-open-streams.md).
 */
export const LINGER_US: Micros = 5000;

const EMPTY = Buffer.alloc(0);

/** What a driver is asked for with a request. */
export interface Asked {
  readonly request: Request;
  readonly keepBody: boolean;
  readonly onMessage: ((text: string) => void) | undefined;
}

/**
 * Reads the answers to one call after the other. An answer in an event stream has arrived when its event is complete, although
 * the stream may still be open; that to a notification, with its status. Any other answer has arrived when its body has ended.
 */
export class CallAnswer {
  readonly #checkIds: boolean;
  readonly #repeated: RepeatedAnswers | undefined;
  /** Set when the stream has to be read event by event: when it is not one short event with the answer. */
  #events: AnswerEvents | undefined = undefined;
  /** Bytes of the body that `#events` has read. */
  #read = 0;
  readonly #whole: { -readonly [Key in keyof Answer]: Answer[Key] } = {
    status: 0,
    statusText: '',
    contentType: undefined,
    body: EMPTY,
  };
  classified: Classified = OK;
  /** JSON text of the answer, if it is to be kept. */
  text: string | undefined = undefined;
  /** The same object for all answers that are the same but for the id, where that was recognised. */
  repeats: object | undefined = undefined;

  /** @param repeated - recognises answers that were checked already; absent: every answer is checked. */
  constructor(checkIds: boolean, repeated?: RepeatedAnswers) {
    this.#checkIds = checkIds;
    this.#repeated = repeated;
  }

  /** Makes ready for the answer to another call. */
  clear(): void {
    this.#events = undefined;
    this.#read = 0;
    this.classified = OK;
    this.text = undefined;
    this.repeats = undefined;
  }

  /** Reads a body that has not ended, of which nothing may have come yet. Returns whether the answer has arrived and is classified. */
  read(asked: Asked, fields: AnswerFields, body: AnswerBody): boolean {
    // What is only to be accepted has been, whatever else comes; official clients do not read that body either.
    if (asked.request.expected.kind === 'accepted') return isSuccess(fields.status);
    if (body.size === 0 || bodyKind(fields.contentType) !== 'events') return false;
    const plain = fields.contentEncoding === undefined;
    if (plain && this.#recognise(asked, fields, body.memory(), body.from, body.size)) return true;
    const bytes = decoded(fields, body.bytes(), false);
    // What cannot be decoded is reported when the body ends.
    return typeof bytes !== 'string' && this.#readEvents(asked, fields, bytes);
  }

  /** Reads a body that has ended without an answer so far, and classifies it. */
  end(asked: Asked, fields: AnswerFields, body: AnswerBody): void {
    if (body.size > BODY_LIMIT) {
      this.classified = bodyTooLarge(body.size);
      return;
    }
    const plain = fields.contentEncoding === undefined;
    if (plain && this.#recognise(asked, fields, body.memory(), body.from, body.size)) return;
    const bytes = decoded(fields, body.bytes(), true);
    if (typeof bytes === 'string') {
      this.classified = this.#undecodable(asked, fields, bytes);
      return;
    }
    if (!plain && this.#recognise(asked, fields, viewOf(bytes), 0, bytes.length)) return;
    const { expected } = asked.request;
    const events = expected.kind === 'result' && bodyKind(fields.contentType) === 'events';
    if (events && this.#readEvents(asked, fields, bytes)) return;
    const answer = this.#wholeOf(fields, bytes);
    if (!events && this.#check(asked, answer)) return;
    const classified = withHints(classifySlow(answer, asked.request, this.#checkIds), fields);
    const cause = causeOf(answer);
    this.classified = cause === undefined ? classified : { ...classified, cause };
    if (asked.keepBody) this.text = answerText(answer, asked.request, this.#checkIds);
  }

  /** Where the event stream can be continued that has ended without an answer; `undefined` when it cannot. */
  get resume(): StreamPosition | undefined {
    return this.#events?.position;
  }

  /** Whether the event stream so far ends with data that no empty line follows. */
  get inEvent(): boolean {
    return this.#events?.unterminated ?? false;
  }

  /** Whether the `size` bytes at `from` repeat a good answer but for what may vary: then they are one. */
  #recognise(
    { request, keepBody }: Asked,
    fields: AnswerFields,
    bytes: DataView,
    from: number,
    size: number,
  ): boolean {
    const { expected } = request;
    if (expected.kind !== 'result' || fields.status !== 200 || size > BODY_LIMIT) return false;
    const kind = bodyKind(fields.contentType);
    if (this.#repeated === undefined || this.#events !== undefined || kind === 'other') return false;
    const id = this.#checkIds ? expected.id : undefined;
    const known = this.#repeated.recognise(bytes, from, from + size, kind, id);
    if (known === undefined) return false;
    const { message } = known;
    this.repeats = message;
    if (!keepBody) return true;
    this.text =
      message === undefined || id === undefined
        ? goodAnswerText(this.#wholeOf(fields, Buffer.from(bytes.buffer, bytes.byteOffset + from, size)))
        : `${message.before}${id}${message.after}`;
    return true;
  }

  /** Whether the answer is plainly good, by a check of all of it. */
  #check({ request, keepBody }: Asked, answer: Answer): boolean {
    const { expected } = request;
    if (expected.kind !== 'result' || !isOk(answer, request, this.#checkIds)) return false;
    this.#repeated?.learn(
      answer.body,
      bodyKind(answer.contentType),
      this.#checkIds ? expected.id : undefined,
    );
    if (keepBody) this.text = goodAnswerText(answer);
    return true;
  }

  #readEvents(asked: Asked, fields: AnswerFields, bytes: Buffer): boolean {
    const { request, keepBody, onMessage } = asked;
    const checkIds = this.#checkIds;
    const whole = this.#wholeOf(fields, bytes);
    if (this.#events === undefined && this.#check(asked, whole)) return true;
    if (request.expected.kind !== 'result') return false;
    this.#events ??= new AnswerEvents(
      { id: request.expected.id, checkIds, status: fields.status },
      onMessage,
    );
    const text = this.#events.push(bytes.subarray(this.#read));
    this.#read = bytes.length;
    if (text === undefined) return false;
    this.#events = undefined;
    const answer: Answer = { ...whole, contentType: 'application/json', body: Buffer.from(text) };
    this.classified = withHints(classify(answer, request, checkIds), fields);
    if (keepBody) this.text = text;
    return true;
  }

  /** The status tells how a failed call ended, whatever its body says. */
  #undecodable({ request }: Asked, fields: AnswerFields, fault: string): Classified {
    const { status, statusText } = fields;
    if (isSuccess(status))
      return { outcome: 'malformed', detail: safeDetail(`${status} ${statusText}: ${fault}`) };
    return withHints(classify(this.#wholeOf(fields, EMPTY), request, this.#checkIds), fields);
  }

  /** The answer as classification takes it; one object for all calls, to leave less to collect. */
  #wholeOf({ status, statusText, contentType }: AnswerFields, body: Buffer): Answer {
    const whole = this.#whole;
    whole.status = status;
    whole.statusText = statusText;
    whole.contentType = contentType;
    whole.body = body;
    return whole;
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

/**
 * `body`, decoded by what the head says of its encoding, or why that cannot be done. A body that has not ended is decoded from
 * its beginning each time: event streams with an encoding are rare.
 */
export function decoded(
  { contentEncoding }: Pick<AnswerFields, 'contentEncoding'>,
  body: Buffer,
  whole: boolean,
): Buffer | string {
  return contentEncoding === undefined
    ? body
    : decodeBody(body, contentEncoding, { most: BODY_LIMIT, whole });
}
