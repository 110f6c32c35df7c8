/** @module The notes of trials as they appear: the first of a kind in full, and later ones of the same kind as a count at the end. */
import { noteText } from '../report/note-text.ts';
import { plain } from '../report/wording.ts';
import type { Repetition } from '../result/document.ts';
import type { Note } from '../result/note.ts';

/** Notes that say the same of one trial as of the next, whatever the figures in them. */
const REPEATED: Partial<Record<Note['kind'], string>> = {
  'send-lag': 'send lag',
  'read-lag': 'read lag',
  'pool-grew': 'connections were added',
  'warming-up': 'still warming up',
  'instances-unnamed': 'instances are not named',
};

/** Which notes have been shown. */
export class NotesTold {
  readonly #counts = new Map<Note['kind'], number>();

  /** The notes of a trial that are shown, each on one line, without control characters: notes can quote a server's output. */
  fresh({ observations = [] }: Repetition): readonly string[] {
    return observations.filter((note) => this.#isFresh(note)).map((note) => plain(noteText(note)));
  }

  /** A line for each kind that came again. */
  again(): readonly string[] {
    return [...this.#counts]
      .filter(([, count]) => count > 1)
      .map(
        ([kind, count]) => `note: ${REPEATED[kind]}: noted in ${count} trials, shown for the first of them`,
      );
  }

  #isFresh({ kind }: Note): boolean {
    if (REPEATED[kind] === undefined) return true;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return count === 1;
  }
}
