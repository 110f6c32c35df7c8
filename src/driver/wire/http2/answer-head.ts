/** @module The head of an answer over HTTP/2: what the driver needs of it. */
import { STATUS_CODES } from 'node:http';
import type { FieldSink } from '../../../http/http2/hpack-decoder.ts';
import { instanceName } from '../../instance-name.ts';
import type { ReplyFields } from '../wire-call.ts';

const SERVER_TIMING = 'server-timing';

/** Names of the fields whose names a user may choose, lower case. */
export interface ChosenNames {
  readonly instanceHeader: string;
  readonly timingHeader?: string;
}

/** What the fields of a head said. Once complete it does not change: the heads of later answers that repeat it are the same object. */
export class Http2Head implements FieldSink, ReplyFields {
  readonly #instanceHeader: string;
  readonly #timingHeader: string;
  status = 0;
  contentType: string | undefined = undefined;
  contentEncoding: string | undefined = undefined;
  servedBy: string | undefined = undefined;
  sessionId: string | undefined = undefined;
  serverTiming: string | undefined = undefined;
  challenge: string | undefined = undefined;
  setCookies: readonly string[] | undefined = undefined;
  #location: string | undefined = undefined;

  constructor({ instanceHeader, timingHeader = SERVER_TIMING }: ChosenNames) {
    this.#instanceHeader = instanceHeader.toLowerCase();
    this.#timingHeader = timingHeader;
  }

  /** HTTP/2 sends no reason phrase; the standard one says to people what the number means. */
  get statusText(): string {
    return STATUS_CODES[this.status] ?? '';
  }

  get location(): string | undefined {
    return this.status >= 300 && this.status <= 399 ? this.#location : undefined;
  }

  field(name: string, value: string): void {
    if (name === this.#instanceHeader) {
      const instance = instanceName(value);
      this.servedBy = this.servedBy === undefined ? instance : instanceName(`${this.servedBy}, ${instance}`);
    }
    if (name === this.#timingHeader)
      this.serverTiming = this.serverTiming === undefined ? value : `${this.serverTiming}, ${value}`;
    switch (name) {
      case 'content-type':
        this.contentType = value;
        return;
      case 'content-encoding':
        this.contentEncoding = value;
        return;
      case 'mcp-session-id':
        this.sessionId = value;
        return;
      case 'www-authenticate':
        this.challenge = value;
        return;
      case 'set-cookie':
        this.setCookies = [...(this.setCookies ?? []), value];
        return;
      case 'location':
        this.#location = value;
        return;
      default:
    }
  }
}
