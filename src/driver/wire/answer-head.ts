/** @module The head of an answer: what the driver needs of it. */
import { ascii, spells } from '../../http/bytes.ts';
import { describeFault, type HttpFault } from '../../http/fault.ts';
import { FieldNames, type FieldTaker, readFields } from '../../http/fields.ts';
import { type BodyEnd, FRAMING_FIELDS, Framing } from '../../http/framing.ts';
import { BAD, endsBare, fieldLineFault } from '../../http/line.ts';
import { StatusLine } from '../../http/start-line.ts';
import type { AnswerFields } from '../answer-fields.ts';
import { instanceName } from '../instance-name.ts';
import { quoted, type Texts } from './texts.ts';

const SERVER_TIMING = 'server-timing';
const NAMES = new FieldNames([
  ...FRAMING_FIELDS,
  'content-encoding',
  'content-type',
  'keep-alive',
  'location',
  'mcp-session-id',
  SERVER_TIMING,
  'set-cookie',
  'www-authenticate',
]);
type Name = NonNullable<ReturnType<typeof NAMES.of>>;
const STATUS_LINE = new StatusLine();
const UPPER_H = 0x48;

/** What the lines of a head said. */
export class AnswerHead implements FieldTaker, AnswerFields {
  readonly #texts: Texts;
  readonly #instanceHeader: Buffer;
  /** `undefined`: `Server-Timing`. */
  readonly #timingHeader: Buffer | undefined;
  readonly framing = new Framing(true);
  /** Where the line after the last whole field begins. */
  #lineAt = 0;
  status = 0;
  statusText = '';
  /** Where the body ends, and whether the connection may carry another exchange; known once the head is complete. */
  bodyEnd: BodyEnd = 0;
  keepAlive = true;
  contentType: string | undefined = undefined;
  contentEncoding: string | undefined = undefined;
  servedBy: string | undefined = undefined;
  sessionId: string | undefined = undefined;
  serverTiming: string | undefined = undefined;
  /** `Keep-Alive`, such as `timeout=5`: how long the server lets the connection idle. */
  keepAliveHint: string | undefined = undefined;
  /** What was wrong with the line that was {@link BAD}. */
  fault = '';
  /** `WWW-Authenticate`. */
  challenge: string | undefined = undefined;
  /** `Location`, of a redirect only. */
  location: string | undefined = undefined;
  /** Where in the bytes that were read last the digits of `Content-Length` are; 0 when there are none. */
  lengthFrom = 0;
  lengthTo = 0;
  /** `Set-Cookie`, one value per field. */
  setCookies: readonly string[] | undefined = undefined;

  constructor(texts: Texts, instanceHeader: string, timingHeader: string = SERVER_TIMING) {
    this.#texts = texts;
    this.#instanceHeader = ascii(instanceHeader.toLowerCase());
    this.#timingHeader = timingHeader === SERVER_TIMING ? undefined : ascii(timingHeader);
  }

  clear(): void {
    this.status = 0;
    this.statusText = '';
    this.contentType = undefined;
    this.contentEncoding = undefined;
    this.servedBy = undefined;
    this.sessionId = undefined;
    this.serverTiming = undefined;
    this.challenge = undefined;
    this.location = undefined;
    this.setCookies = undefined;
    this.keepAliveHint = undefined;
    this.fault = '';
    this.lengthFrom = 0;
    this.lengthTo = 0;
  }

  /** Reads the status line at `from`. Returns where the next line begins, UNFINISHED or {@link BAD}. */
  statusLine(bytes: Buffer, from: number, end: number): number {
    const line = STATUS_LINE;
    const next = line.read(bytes, from, end);
    if (next === BAD) {
      const bare = bytes[from] === UPPER_H && endsBare(bytes, from, end);
      return this.#bad(bare ? 'bare-lf' : 'status-line', bytes, from, end);
    }
    if (next <= 0) return next;
    this.status = line.status;
    this.statusText = this.#texts.of(bytes, line.textFrom, line.textTo);
    this.framing.begin(line.minor);
    return next;
  }

  /**
   * Reads the field lines from `from` on. Returns where the first line begins that is not a whole field (`end`, or the empty
   * line, or the beginning of a line), or {@link BAD}.
   */
  fields(bytes: Buffer, from: number, end: number): number {
    this.#lineAt = from;
    const next = readFields(bytes, from, end, this);
    if (next !== BAD || this.fault !== '') return next;
    return this.#bad(fieldLineFault(bytes, this.#lineAt, end), bytes, this.#lineAt, end);
  }

  take(
    bytes: Buffer,
    from: number,
    nameTo: number,
    valueFrom: number,
    valueTo: number,
    next: number,
  ): boolean {
    this.#lineAt = next;
    if (nameTo - from === this.#instanceHeader.length && spells(bytes, from, this.#instanceHeader)) {
      const name = instanceName(this.#texts.of(bytes, valueFrom, valueTo));
      this.servedBy = this.servedBy === undefined ? name : instanceName(`${this.servedBy}, ${name}`);
    }
    const timing = this.#timingHeader;
    if (timing !== undefined && nameTo - from === timing.length && spells(bytes, from, timing)) {
      this.#addTiming(this.#texts.of(bytes, valueFrom, valueTo));
    }
    const name = NAMES.of(bytes, from, nameTo);
    if (name === undefined) return true;
    const fault = this.#takeKnown(name, bytes, valueFrom, valueTo);
    if (fault !== undefined) this.#bad(fault, bytes, from, valueTo);
    return fault === undefined;
  }

  /** Decides how the body is framed; the head is complete. */
  decide(): void {
    this.bodyEnd = this.framing.responseBody(this.status, false);
    this.keepAlive = this.framing.persistent && this.bodyEnd !== 'close';
  }

  #takeKnown(name: Name, bytes: Buffer, from: number, to: number): HttpFault | undefined {
    switch (name) {
      case 'content-type':
        this.contentType = this.#texts.of(bytes, from, to);
        return undefined;
      case 'content-encoding':
        this.contentEncoding = this.#texts.of(bytes, from, to);
        return undefined;
      case 'keep-alive':
        this.keepAliveHint = this.#texts.of(bytes, from, to);
        return undefined;
      case 'mcp-session-id':
        this.sessionId = this.#texts.of(bytes, from, to);
        return undefined;
      case SERVER_TIMING:
        if (this.#timingHeader === undefined) this.#addTiming(this.#texts.of(bytes, from, to));
        return undefined;
      case 'location':
        if (this.status >= 300 && this.status <= 399) this.location = bytes.toString('latin1', from, to);
        return undefined;
      case 'set-cookie':
        this.setCookies = [...(this.setCookies ?? []), bytes.toString('latin1', from, to)];
        return undefined;
      case 'www-authenticate':
        this.challenge = bytes.toString('latin1', from, to);
        return undefined;
      case 'content-length':
        this.lengthFrom = from;
        this.lengthTo = to;
        return this.framing.take(name, bytes, from, to);
      default:
        return this.framing.take(name, bytes, from, to);
    }
  }

  #addTiming(text: string): void {
    this.serverTiming = this.serverTiming === undefined ? text : `${this.serverTiming}, ${text}`;
  }

  #bad(fault: HttpFault, bytes: Buffer, from: number, to: number): number {
    this.fault = `${describeFault(fault).text}: ${quoted(bytes, from, to)}`;
    return BAD;
  }
}
