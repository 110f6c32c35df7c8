/** @module What an instance of the user's server has answered while it was no MCP server yet. */
import type { Problem, UserError } from '../../units/user-error.ts';
import type { UnansweredInstance } from '../preparation.ts';
import { ProbeError } from '../probe-error.ts';

/** Collects the problems of the probes of one instance, and tells of them when the start takes long. */
export class Refusals {
  readonly #tell: (seen: Pick<UnansweredInstance, 'hasAnswered' | 'seen'>) => void;
  #last: Problem | undefined;
  #hasAnswered = false;
  #tellsAnswers = false;

  constructor(tell: (seen: Pick<UnansweredInstance, 'hasAnswered' | 'seen'>) => void) {
    this.#tell = tell;
  }

  /** The problem with the last answer; without any, that with the first attempt. */
  get last(): Problem | undefined {
    return this.#last;
  }

  add(error: UserError): void {
    const isAnswer = error instanceof ProbeError && error.isAnswer;
    // A server that is stopped because it is late gives no answer any more, which says less than its earlier ones.
    if (this.#last === undefined || isAnswer) this.#last = error.problems[0];
    const isFirst = isAnswer && !this.#hasAnswered;
    this.#hasAnswered ||= isAnswer;
    if (isFirst && this.#tellsAnswers) this.#say();
  }

  /** Tells what it has answered, or will answer first: it should be up by now. */
  tellAnswers(): void {
    this.#tellsAnswers = true;
    if (this.#hasAnswered) this.#say();
  }

  /** Tells that it has not answered at all, if so. */
  tellSilence(): void {
    if (!this.#hasAnswered) this.#say();
  }

  #say(): void {
    this.#tell({ hasAnswered: this.#hasAnswered, seen: this.#last?.what ?? 'no answer' });
  }
}
