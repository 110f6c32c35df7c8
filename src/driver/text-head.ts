/** @module The head of an answer from a library that gives field values as text. */
import type { AnswerFields } from './answer-fields.ts';
import { instanceName } from './instance-name.ts';

/** The head of one answer; a driver adds where its library has the values. */
export abstract class TextHead implements AnswerFields {
  abstract readonly status: number;
  abstract readonly statusText: string;
  abstract readonly contentType: string | undefined;
  abstract readonly contentEncoding: string | undefined;
  /** Values of `Set-Cookie`, one per field. */
  abstract readonly setCookies: readonly string[] | undefined;

  /** The value of a field, by its lower-case name; values of several fields of that name are joined. */
  abstract value(name: string): string | undefined;

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
}
