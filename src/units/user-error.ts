/** @module Faults a user can act on: what happened, where, what was expected, what to do. */

/** One fault. Sentences without a closing full stop; they are joined by {@link describeFault}. */
export interface Fault {
  /** Where it is: a profile path (`load.rate`), a flag (`--seed`), a file or an address. */
  readonly where: string;
  /** What happened, with the offending value: `"400" is not a rate`. */
  readonly what: string;
  /** What would have been right: `a rate such as 400/s or 2k/s`. */
  readonly expected?: string;
  /** What to do about it: `did you mean "warmup"?`. */
  readonly todo?: string;
}

/** Thrown when the user, not Paceline, must act. The command line prints every fault and exits with 2, without a stack trace. */
export class UserFault extends Error {
  override readonly name = 'UserFault';
  readonly faults: readonly Fault[];

  constructor(faults: Fault | readonly Fault[], options?: ErrorOptions) {
    const list = Array.isArray(faults) ? (faults as readonly Fault[]) : [faults as Fault];
    super(list.map(describeFault).join('\n'), options);
    this.faults = list;
  }
}

/** A fault in one line. */
export function describeFault(fault: Fault): string {
  const expected = fault.expected === undefined ? '' : `; expected ${fault.expected}`;
  const todo = fault.todo === undefined ? '' : ` (${fault.todo})`;
  return `${fault.where}: ${fault.what}${expected}${todo}`;
}
