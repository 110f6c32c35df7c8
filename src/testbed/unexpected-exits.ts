/** @module Detects processes that ended without being stopped by Paceline. */
import type { Exit } from '../process/exit.ts';
import { type ExitNote, exitNote } from './note.ts';

/** Watches processes, each through the promise of its exit. */
export class UnexpectedExits {
  readonly #expected = new Set<Promise<Exit>>();
  readonly #notes: ExitNote[] = [];

  /** Records how the process ends, unless its exit is expected by then. */
  watch(process: Pick<ExitNote, 'part' | 'instance'>, exited: Promise<Exit>): void {
    void exited.then((exit) => {
      if (!this.#expected.has(exited)) this.#notes.push(exitNote(process, exit));
    });
  }

  /** From now on, the exit of this process is not recorded. */
  expect(exited: Promise<Exit>): void {
    this.#expected.add(exited);
  }

  /** The recorded exits so far, in order of time. */
  notes(): readonly ExitNote[] {
    return [...this.#notes];
  }
}
