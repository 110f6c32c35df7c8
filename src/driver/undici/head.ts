/** @module The head of an answer as undici gives it. */
import type { Dispatcher } from 'undici';
import { TextHead } from '../text-head.ts';

/** By lower-case name. */
export type UndiciHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** The head of one answer. */
export class UndiciHead extends TextHead {
  override readonly status: number;
  override readonly statusText: string;
  readonly headers: UndiciHeaders;
  override readonly contentType: string | undefined;
  override readonly contentEncoding: string | undefined;

  constructor(status: number, statusText: string, headers: UndiciHeaders) {
    super();
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.contentType = this.value('content-type');
    this.contentEncoding = this.value('content-encoding');
  }

  override value(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  override get setCookies(): readonly string[] | undefined {
    const value = this.headers['set-cookie'];
    return typeof value === 'string' ? [value] : value;
  }
}
