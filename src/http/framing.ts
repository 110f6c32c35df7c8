/** @module How a message is framed: where its body ends, and whether the connection stays (RFC 9112, sections 6 and 9.3). */
import { ascii, decimalOf, spells } from './bytes.ts';
import type { HttpFault } from './fault.ts';
import type { Minor } from './start-line.ts';

/** The fields that frame a message. A reader of heads passes each of them to {@link Framing.take}. */
export const FRAMING_FIELDS = ['connection', 'content-length', 'transfer-encoding'] as const;
type FramingField = (typeof FRAMING_FIELDS)[number];

/** Where the body of a request ends: after so many bytes, or with the last chunk. */
export type RequestBodyEnd = number | 'chunked';

/** Where a body ends: that of an answer may also end with the connection. */
export type BodyEnd = RequestBodyEnd | 'close';

/** Exact as a number, and more than any body has. */
export const LENGTH_DIGITS = 15;
const CHUNKED = ascii('chunked');
const KEEP_ALIVE = ascii('keep-alive');
const NO_OPTIONS: readonly string[] = [];
/** Fields that a hop must not remove, because the next hop would then read a different message. */
const FOR_EVERY_RECIPIENT: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding']);

/**
 * The framing of one message, as the fields of its head state it. Two framings are refused even when they agree: requests are
 * smuggled where two readers choose differently between them (RFC 9112, section 11.2).
 */
export class Framing {
  readonly #takesRepeats: boolean;
  #minor: Minor = 1;
  /** -1 when not stated. */
  #length = -1;
  #chunked = false;
  #close = false;
  #keepAlive = false;
  /** What `Connection` names beside `close` and `keep-alive`, in lower case: fields that belong to this hop. */
  options: readonly string[] = NO_OPTIONS;

  /**
   * @param takesRepeats - whether `Transfer-Encoding: chunked` may be stated twice, as some gateways do. Only for a client, which passes
   * nothing on: Node's parser reads it once, too.
   */
  constructor(takesRepeats = false) {
    this.#takesRepeats = takesRepeats;
  }

  /** Begins a message of HTTP/1.`minor`. */
  begin(minor: Minor): void {
    this.#minor = minor;
    this.#length = -1;
    this.#chunked = false;
    this.#close = false;
    this.#keepAlive = false;
    this.options = NO_OPTIONS;
  }

  /** Takes a field whose value lies in [`from`, `to`). Returns what is wrong with it, or undefined. */
  take(name: FramingField, bytes: Buffer, from: number, to: number): HttpFault | undefined {
    if (name === 'connection') return this.#connection(bytes, from, to);
    if (this.#length >= 0 || this.#chunked) {
      const repeats = this.#chunked && name === 'transfer-encoding' && isChunked(bytes, from, to);
      return repeats && this.#takesRepeats ? undefined : 'framed-twice';
    }
    if (name === 'content-length') {
      const length = to - from > LENGTH_DIGITS ? -1 : decimalOf(bytes, from, to);
      if (length < 0) return 'content-length';
      this.#length = length;
      return undefined;
    }
    if (this.#minor === 0) return 'chunked-in-1.0';
    if (!isChunked(bytes, from, to)) return 'transfer-encoding';
    this.#chunked = true;
    return undefined;
  }

  /** Whether the connection may carry another message, unless this one's body ends with it (RFC 9112, section 9.3). */
  get persistent(): boolean {
    return !this.#close && (this.#minor === 1 || this.#keepAlive);
  }

  /** Whether `Connection: close` is stated. */
  get close(): boolean {
    return this.#close;
  }

  /** Where the body of a request ends; without any framing there is none. */
  requestBody(): RequestBodyEnd {
    return this.#chunked ? 'chunked' : Math.max(0, this.#length);
  }

  /** Where the body of an answer ends. `toHead`: it answers HEAD. */
  responseBody(status: number, toHead: boolean): BodyEnd {
    if (toHead || status < 200 || status === 204 || status === 304) return 0;
    if (this.#chunked) return 'chunked';
    return this.#length < 0 ? 'close' : this.#length;
  }

  /** What is wrong with an interim answer of `status` (1xx); undefined when others may follow it. */
  interimFault(status: number): HttpFault | undefined {
    if (status === 101) return 'upgraded';
    return this.persistent ? undefined : 'closing-interim';
  }

  #connection(bytes: Buffer, from: number, to: number): HttpFault | undefined {
    if (to - from === KEEP_ALIVE.length && spells(bytes, from, KEEP_ALIVE)) {
      this.#keepAlive = true;
      return undefined;
    }
    for (const part of bytes.toString('latin1', from, to).toLowerCase().split(',')) {
      const option = part.trim();
      if (option === 'close') this.#close = true;
      else if (option === 'keep-alive') this.#keepAlive = true;
      else if (FOR_EVERY_RECIPIENT.has(option)) return 'connection-option';
      else if (option !== '') this.options = [...this.options, option];
    }
    return undefined;
  }
}

const isChunked = (bytes: Buffer, from: number, to: number): boolean =>
  to - from === CHUNKED.length && spells(bytes, from, CHUNKED);

/** Seconds that `Keep-Alive: timeout=SECONDS` announces (RFC 2068, section 19.7.1.1); undefined when it announces none. */
export function keepAliveSeconds(value: string): number | undefined {
  const seconds = /(?:^|[,; ])timeout=(\d{1,6})/i.exec(value)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
