/** @module One request that passes, with its answer: what is recorded of both. */
import { fieldIn } from '../balancer/proxy/fields.ts';
import type { ClientHead, UpstreamHead } from '../balancer/proxy/heads.ts';
import type { Piece } from '../balancer/proxy/piece.ts';
import type { Broken, TappedExchange } from '../balancer/proxy/tap.ts';
import { decodeBody } from '../http/content-encoding.ts';
import { answerText, bodyKind } from '../protocol/answer.ts';
import { AnswerEvents } from '../protocol/answer-events.ts';
import { classify } from '../protocol/classify.ts';
import { parsed } from '../protocol/json-members.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Clock } from '../units/clock.ts';
import { MOST_BODY, PassingBody } from './body.ts';
import type { CallRecorder, OpenCall } from './recorder.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads a request and its answer while they pass, and tells the recorder of them. */
export class RecordedExchange implements TappedExchange {
  readonly #head: ClientHead;
  readonly #connection: number;
  readonly #recorder: CallRecorder;
  readonly #clock: Clock;
  readonly #request: PassingBody;
  #call: OpenCall | undefined;
  #id: string | number = '';
  #answer: AnswerInPassing | undefined;

  constructor(head: ClientHead, connection: number, recorder: CallRecorder, clock: Clock) {
    this.#head = head;
    this.#connection = connection;
    this.#recorder = recorder;
    this.#clock = clock;
    this.#request = new PassingBody(head.body);
  }

  request({ chunk, from, to, last }: Piece<ClientHead>): void {
    this.#request.take(chunk, from, to);
    if (last) this.#arrived();
  }

  answer(piece: Piece<UpstreamHead>): void {
    if (this.#call === undefined) return;
    const inSession = this.#head.fields.sessionId !== undefined;
    this.#answer ??= new AnswerInPassing(piece.head!, this.#id, inSession);
    if (this.#answer.take(piece)) this.#ended(this.#answer);
  }

  answered(): void {
    if (this.#answer !== undefined) this.#ended(this.#answer);
  }

  broken(how: Broken): void {
    if (this.#call !== undefined) this.#recorder.ended(this.#call, how, this.#clock.now());
    this.#call = undefined;
  }

  #arrived(): void {
    const message = parsed(this.#request.bytes()?.toString('utf8') ?? '') as Json | null | undefined;
    const { id, method, params } = message ?? {};
    // Notifications, answers to requests of the server, and what is no JSON-RPC are no calls.
    if (typeof method !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return;
    this.#id = id;
    this.#call = this.#recorder.arrived({
      head: this.#head,
      connection: this.#connection,
      method,
      params: typeof params === 'object' && params !== null && !Array.isArray(params) ? (params as Json) : {},
    });
  }

  #ended(answer: AnswerInPassing): void {
    if (this.#call === undefined) return;
    const { outcome, result } = answer.judged();
    this.#recorder.ended(this.#call, outcome, this.#clock.now(), result);
    this.#call = undefined;
  }
}

/** The answer to one request. */
class AnswerInPassing {
  readonly #head: UpstreamHead;
  readonly #id: string | number;
  readonly #inSession: boolean;
  readonly #body: PassingBody;
  /** Of an event stream that is not encoded: its messages are read as they come. */
  readonly #events: AnswerEvents | undefined;
  /** The answer in an event stream. */
  #text: string | undefined;

  constructor(head: UpstreamHead, id: string | number, inSession: boolean) {
    this.#head = head;
    this.#id = id;
    this.#inSession = inSession;
    this.#body = new PassingBody(head.body);
    const isPlain = this.#field('content-encoding') === undefined;
    if (isPlain && bodyKind(this.#field('content-type')) === 'events')
      this.#events = new AnswerEvents({ id, checkIds: true, status: head.status }, undefined);
  }

  /** Takes a piece. Returns whether the answer has come, although its stream may go on. */
  take({ chunk, from, to }: Piece<UpstreamHead>): boolean {
    const bytes = this.#body.take(chunk, from, to);
    this.#text = this.#events?.push(bytes);
    return this.#text !== undefined;
  }

  /** How the answer ends the call, and its result if it has one. */
  judged(): { readonly outcome: Outcome; readonly result?: unknown } {
    const answer = {
      status: this.#head.status,
      statusText: '',
      contentType: this.#text === undefined ? this.#field('content-type') : 'application/json',
      body: this.#text === undefined ? this.#bytes() : Buffer.from(this.#text),
    };
    const expected = { kind: 'result', id: this.#id } as const;
    const { outcome } = classify(answer, { expected, inSession: this.#inSession }, true);
    const message = parsed(answerText(answer, { expected }, true) ?? '') as Json | undefined;
    return { outcome, result: message?.['result'] };
  }

  /** What cannot be decoded, or is too long, is no answer. */
  #bytes(): Buffer {
    const bytes = this.#body.bytes() ?? Buffer.alloc(0);
    const coding = this.#field('content-encoding');
    const decoded =
      coding === undefined ? bytes : decodeBody(bytes, coding, { most: MOST_BODY, whole: true });
    return typeof decoded === 'string' ? Buffer.alloc(0) : decoded;
  }

  #field(name: string): string | undefined {
    return fieldIn(this.#head.fields.text, name);
  }
}
