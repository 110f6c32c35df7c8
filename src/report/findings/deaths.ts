/** @module Findings about processes that ended by themselves, or by somebody else's hand, in mid-run. */
import type { ResultDocument, VariantResult } from '../../result/document.ts';
import { type Measured, measuredOf } from '../measured.ts';
import { list, plain, shorten } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** More would bury the other findings; the warnings of the page have them all. */
const MOST_SENTENCES = 4;
const LONGEST_WORDS = 120;

/** As a trial notes it (src/experiment/rig.ts): `instance 2 was ended by SIGKILL in mid-run; its last words: ...`. */
const NOTE =
  /^(instance .+?|the balancer) (exited with code \S+|was ended by \S+) in mid-run(?:; its last words: (.*))?$/s;
/** Which of the last words tell most: of a stack trace that is not the last line. */
const TELLING = /error|exception|panic|fatal|killed|out of memory/i;

/** A process that ended, in how many of the repetitions. */
export interface Death {
  /** `instance 2`, `the balancer`. */
  readonly who: string;
  /** `was ended by SIGKILL`. */
  readonly how: string;
  /** The line of its last words that tells most; empty when it said nothing. */
  readonly words: string;
  /** From 1. */
  readonly repetitions: readonly number[];
}

/** Those of a variant; the same end in several repetitions is one. */
export function deathsOf({ repetitions }: VariantResult): readonly Death[] {
  const deaths = new Map<string, Death>();
  for (const { index, notes } of repetitions) {
    for (const note of notes) {
      const [, who = '', how = '', words = ''] = NOTE.exec(note) ?? [];
      if (who === '') continue;
      const known = deaths.get(`${who} ${how}`);
      const own = { who, how, words: telling(words), repetitions: [index + 1] };
      deaths.set(
        `${who} ${how}`,
        known === undefined ? own : { ...known, repetitions: [...known.repetitions, index + 1] },
      );
    }
  }
  return [...deaths.values()];
}

function telling(words: string): string {
  const lines = words.split('\n').flatMap((line) => plain(line) || []);
  return shorten(lines.find((line) => TELLING.test(line)) ?? lines.at(-1) ?? '', LONGEST_WORDS);
}

/** What died; bad where calls failed, which may be why. */
export function deathFindings(document: ResultDocument): readonly Finding[] {
  const all = measuredOf(document).flatMap((one) =>
    deathsOf(one.variant).map((death) => ({ tone: toneOf(one), text: `${sentence(one, death)}.` })),
  );
  if (all.length <= MOST_SENTENCES) return all;
  const more = all.length - MOST_SENTENCES;
  const tone = all.slice(MOST_SENTENCES).some((one) => one.tone === 'bad') ? 'bad' : 'warning';
  return [
    ...all.slice(0, MOST_SENTENCES),
    { tone, text: `${more} more processes ended in mid-run; the notes of the result have them.` },
  ];
}

const toneOf = ({ summary: { calls } }: Measured): Finding['tone'] =>
  calls.ok < calls.due ? 'bad' : 'warning';

function sentence({ name, variant }: Measured, { who, how, words, repetitions }: Death): string {
  const which =
    variant.repetitions.length < 2
      ? ''
      : ` of repetition${repetitions.length === 1 ? '' : 's'} ${list(repetitions.map(String))}`;
  const last = words === '' ? '' : `; its last words: “${words}”`;
  return `${quoted(name)}: ${plain(who)} ${how} in mid-run${which}${last}`;
}
