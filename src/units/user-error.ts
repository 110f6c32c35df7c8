/** @module Errors that the user has to correct: where, what, what was expected, what to do. */

/** One problem. The texts have no closing full stop; {@link describeProblem} joins them. */
export interface Problem {
  /** The location: a profile path (`load.rate`), a flag (`--seed`), a file or an address. */
  readonly where: string;
  /** What is wrong, with the invalid value: `"400" is not a rate`. */
  readonly what: string;
  /** What would be valid: `a rate such as 400/s or 2k/s`. */
  readonly expected?: string;
  /** What to do: `did you mean "warmup"?`. */
  readonly todo?: string;
  /** Within a text in a language of its own, such as a threshold: how many characters stand before the invalid part. */
  readonly offset?: number;
}

/**
 * Thrown for an error that the user has to correct. The command line prints every problem and exits with 2, without a stack trace.
 *
 * @example
 * ```ts
 * try {
 *   parseProfile(text);
 * } catch (error) {
 *   if (error instanceof UserError) for (const { where, what } of error.problems) console.error(where, what);
 * }
 * ```
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(describeProblem).join('\n'), options);
    this.problems = list;
  }
}

/**
 * A problem in one line.
 *
 * @example
 * ```ts
 * describeProblem({ where: 'load.rate', what: '"400" is not a rate', expected: '400/s' });
 * // load.rate: "400" is not a rate; expected 400/s
 * ```
 */
export function describeProblem(problem: Problem): string {
  const expected = problem.expected === undefined ? '' : `; expected ${problem.expected}`;
  const todo = problem.todo === undefined ? '' : ` (${problem.todo})`;
  return `${problem.where}: ${problem.what}${expected}${todo}`;
}
