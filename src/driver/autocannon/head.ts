/** @module The head of an answer as autocannon gives it. */
import type { AnswerFields } from '../answer-fields.ts';
import { instanceName } from '../instance-name.ts';

/** What autocannon's parser (http-parser-js) reports with the event `headers`. */
export interface ParsedHead {
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Name, value, name, value ... */
  readonly headers: readonly string[];
  readonly shouldKeepAlive: boolean;
}

/** The head of one answer. */
export class CannonHead implements AnswerFields {
  readonly #parsed: ParsedHead;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;

  constructor(parsed: ParsedHead) {
    this.#parsed = parsed;
    this.contentType = this.value('content-type');
    this.contentEncoding = this.value('content-encoding');
  }

  get status(): number {
    return this.#parsed.statusCode;
  }

  get statusText(): string {
    return this.#parsed.statusMessage;
  }

  /** Whether the connection may carry another exchange. */
  get keepAlive(): boolean {
    return this.#parsed.shouldKeepAlive;
  }

  /** The instance that the field `header` names. */
  instance(header: string): string | undefined {
    const value = this.value(header);
    return value === undefined ? undefined : instanceName(value);
  }

  get challenge(): string | undefined {
    return this.value('www-authenticate');
  }

  get location(): string | undefined {
    return this.status >= 300 && this.status <= 399 ? this.value('location') : undefined;
  }

  get setCookies(): readonly string[] | undefined {
    const values = this.#values('set-cookie');
    return values.length === 0 ? undefined : values;
  }

  /** The value of a field; values of several fields of that name are joined. */
  value(name: string): string | undefined {
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
