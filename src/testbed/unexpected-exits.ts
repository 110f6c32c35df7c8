/** @module Processes that ended although Paceline had not ended them. */
import type { Exit } from '../process/exit.ts';
import { type ExitNote, exitNote } from './note.ts';

/** Watches processes, each known by the promise of its end. */
export class UnexpectedExits {
  readonly #expected = new Set<Promise<Exit>>();
  readonly #notes: ExitNote[] = [];

  /** Notes how the process ends, unless its end is expected by then. */
  watch(process: Pick<ExitNote, 'part' | 'instance'>, exited: Promise<Exit>): void {
    void exited.then((exit) => {
      if (!this.#expected.has(exited)) this.#notes.push(exitNote(process, exit));
    });
  }

  /** From now on the end of this process is not noted. */
  expect(exited: Promise<Exit>): void {
    this.#expected.add(exited);
  }

  /** Those that ended so far, in the order in which they ended. */
  notes(): readonly ExitNote[] {
    return [...this.#notes];
  }
}
