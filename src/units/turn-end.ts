/** @module Work for the end of a turn of the event loop: it runs once every event that had come by the turn's beginning was handled. */

const works: (() => void)[] = [];

/** Calls `work` at the end of the present turn. What `work` itself adds runs after it, at the end of the same turn. */
export function atTurnsEnd(work: () => void): void {
  works.push(work);
  if (works.length === 1) setImmediate(run);
}

function run(): void {
  let done = 0;
  try {
    while (done < works.length) {
      done += 1;
      works[done - 1]!();
    }
  } finally {
    // A fault ends only the work that has it.
    works.splice(0, done);
    if (works.length > 0) setImmediate(run);
  }
}
