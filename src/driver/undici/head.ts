/** @module The head of an answer as undici gives it. */
import type { Dispatcher } from 'undici';
import type { AnswerFields } from '../answer-fields.ts';
import { instanceName } from '../instance-name.ts';

/** By lower-case name. */
export type UndiciHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** The head of one answer. */
export class UndiciHead implements AnswerFields {
  readonly status: number;
  readonly statusText: string;
  readonly headers: UndiciHeaders;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;

  constructor(status: number, statusText: string, headers: UndiciHeaders) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.contentType = this.value('content-type');
    this.contentEncoding = this.value('content-encoding');
  }

  /** The value of a field; values of several fields of that name are joined. */
  value(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
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
    const value = this.headers['set-cookie'];
    return typeof value === 'string' ? [value] : value;
  }
}
