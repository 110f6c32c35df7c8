/** @module The head of an answer as autocannon gives it. */
import { TextHead } from '../text-head.ts';

/** What autocannon's parser (http-parser-js) reports with the event `headers`. */
export interface ParsedHead {
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Name, value, name, value ... */
  readonly headers: readonly string[];
  readonly shouldKeepAlive: boolean;
}

/** The head of one answer. */
export class CannonHead extends TextHead {
  readonly #parsed: ParsedHead;
  override readonly contentType: string | undefined;
  override readonly contentEncoding: string | undefined;

  constructor(parsed: ParsedHead) {
    super();
    this.#parsed = parsed;
    this.contentType = this.value('content-type');
    this.contentEncoding = this.value('content-encoding');
  }

  override get status(): number {
    return this.#parsed.statusCode;
  }

  override get statusText(): string {
    return this.#parsed.statusMessage;
  }

  /** Whether the connection may carry another exchange. */
  get keepAlive(): boolean {
    return this.#parsed.shouldKeepAlive;
  }

  override get setCookies(): readonly string[] | undefined {
    const values = this.#values('set-cookie');
    return values.length === 0 ? undefined : values;
  }

  override value(name: string): string | undefined {
    const values = this.#values(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  #values(name: string): readonly string[] {
    const { headers } = this.#parsed;
    const values: string[] = [];
    for (let i = 0; i < headers.length; i += 2) {
      const own = headers[i]!;
      if (own.length === name.length && own.toLowerCase() === name) values.push(headers[i + 1]!);
    }
    return values;
  }
}
