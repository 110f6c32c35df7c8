/** @module Errors a user can act on: what happened, where, what was expected, what to do. */

/** One problem. Sentences without a closing full stop; they are joined by {@link describeProblem}. */
export interface Problem {
  /** Where it is: a profile path (`load.rate`), a flag (`--seed`), a file or an address. */
  readonly where: string;
  /** What happened, with the offending value: `"400" is not a rate`. */
  readonly what: string;
  /** What would have been right: `a rate such as 400/s or 2k/s`. */
  readonly expected?: string;
  /** What to do about it: `did you mean "warmup"?`. */
  readonly todo?: string;
}

/** Thrown when the user, not Paceline, must act. The command line prints every problem and exits with 2, without a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(describeProblem).join('\n'), options);
    this.problems = list;
  }
}

/** A problem in one line. */
export function describeProblem(problem: Problem): string {
  const expected = problem.expected === undefined ? '' : `; expected ${problem.expected}`;
  const todo = problem.todo === undefined ? '' : ` (${problem.todo})`;
  return `${problem.where}: ${problem.what}${expected}${todo}`;
}
