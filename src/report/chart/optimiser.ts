/** @module The optimising compiler of V8, for code that runs a few times: it takes longer to optimise it than that saves. */
import { setFlagsFromString } from 'node:v8';

/** How much work is under way for which the compiler is off. */
let working = 0;

/**
 * Does `work` while no more code is optimised in this process, in other threads neither; what has been optimised stays so. A quarter of what
 * the drawings of a page take is otherwise spent on optimising the libraries that draw them. Not to be used while a load is run.
 */
export async function withoutOptimiser<Result>(work: () => Promise<Result>): Promise<Result> {
  working += 1;
  if (working === 1) setFlagsFromString('--no-opt');
  try {
    return await work();
  } finally {
    working -= 1;
    // The flags are then those of the start again, as compiled forms in the code cache demand.
    if (working === 0) setFlagsFromString('--opt');
  }
}
