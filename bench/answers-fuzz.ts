/** @module Compares the recognition of answers by their form with the full classifier, on a million mutated answers. */
import { type Compared, compareMutated } from '../src/protocol/mutated-answers.case.ts';
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import type { Outcome, Section } from './section.ts';

const ANSWERS = 1_000_000;
/** One line of progress for each part. */
const PARTS = 10;
/** Differences that are quoted. */
const QUOTED = 10;

/** Counts what becomes of mutated answers; any difference is a fault. */
export const fuzz: Section = {
  name: 'fuzz',
  title: 'Mutated answers',
  method: `${ANSWERS} answers, made from good ones: bytes changed, removed and put in, members exchanged and repeated, other ids, results and errors imitated within texts, texts with escapes that are valid or not, ends cut off. Each is compared with the forms of known answers and checked over its bytes. Where one of the two finds it good, the full classifier, which parses it, has to say so, too.`,
  run,
};

async function run({ say }: Context): Promise<Outcome> {
  const parts: Compared[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    parts.push(compareMutated(ANSWERS / PARTS, part + 1));
    say(`${sum(parts, 'mutated')} answers, ${differencesOf(parts).length} differences`);
  }
  const differences = differencesOf(parts);
  return {
    tables: [
      {
        caption: 'Mutated answers',
        head: ['mutated', 'recognised by their form', 'found good by a check of all bytes', 'differences'],
        rows: [
          [
            `${sum(parts, 'mutated')}`,
            `${sum(parts, 'recognised')}`,
            `${sum(parts, 'scanned')}`,
            `${differences.length}`,
          ],
        ],
      },
    ],
    goals: [
      goalOf(
        { what: 'differences from the full classifier', direction: 'at most', bound: 0, unit: '' },
        differences.length,
      ),
    ],
    notes: differences.slice(0, QUOTED).map((difference) => `FAULT: ${difference}`),
    data: parts,
  };
}

function sum(parts: readonly Compared[], count: 'mutated' | 'recognised' | 'scanned'): number {
  return parts.reduce((total, part) => total + part[count], 0);
}

function differencesOf(parts: readonly Compared[]): readonly string[] {
  return parts.flatMap((part) => part.differences);
}
