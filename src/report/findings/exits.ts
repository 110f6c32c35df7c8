/** @module Findings about processes that ended during the run although Paceline had not ended them. */
import { describeExit } from '../../process/exit.ts';
import type { VariantResult } from '../../result/document.ts';
import type { ExitNote } from '../../result/note.ts';
import type { Measured, Model } from '../model.ts';
import { processOf } from '../note-text.ts';
import { list, plain, plural, shorten } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** More would hide the other findings; the warnings of the page have them all. */
const MOST_SENTENCES = 4;
const LONGEST_LINE = 120;

/** Which line of an output is quoted, for people: of a stack trace the last one says little. */
const TELLING = /error|exception|panic|fatal|killed|out of memory/i;

/** A process that ended, and in which repetitions. */
export interface EndedProcess {
  readonly note: ExitNote;
  /** From 1. */
  readonly repetitions: readonly number[];
}

/** Those of a variant; the same end in several repetitions is one. None in older results, which have no records. */
export function endedProcesses({ repetitions }: VariantResult): readonly EndedProcess[] {
  const ended = new Map<string, EndedProcess>();
  for (const { index, observations = [] } of repetitions) {
    for (const note of observations) {
      if (note.kind !== 'exited') continue;
      const key = JSON.stringify([note.part, note.instance, note.code, note.signal]);
      const before = ended.get(key) ?? { note, repetitions: [] };
      ended.set(key, { note: before.note, repetitions: [...before.repetitions, index + 1] });
    }
  }
  return [...ended.values()];
}

/** What ended; bad where calls failed, which may be why. */
export function exitFindings({ measured }: Model): readonly Finding[] {
  const all = measured.flatMap((one) =>
    endedProcesses(one.variant).map((ended) => ({ tone: toneOf(one), text: `${sentence(one, ended)}.` })),
  );
  if (all.length <= MOST_SENTENCES) return all;
  const more = all.length - MOST_SENTENCES;
  const tone = all.slice(MOST_SENTENCES).some((one) => one.tone === 'bad') ? 'bad' : 'warning';
  return [
    ...all.slice(0, MOST_SENTENCES),
    {
      tone,
      text: `${plural(more, 'more process', 'more processes')} ended during the run; the notes of the result have ${more === 1 ? 'it' : 'them'}.`,
    },
  ];
}

const toneOf = ({ summary: { calls } }: Measured): Finding['tone'] => (calls.errors > 0 ? 'bad' : 'warning');

function sentence({ name, variant }: Measured, { note, repetitions }: EndedProcess): string {
  const during =
    variant.repetitions.length < 2
      ? 'the run'
      : `repetition${repetitions.length === 1 ? '' : 's'} ${list(repetitions.map(String))}`;
  const line = tellingLine(note.output);
  const output = line === '' ? '' : `; from its output: “${line}”`;
  return `${quoted(name)}: ${plain(processOf(note))} ${describeExit(note)} during ${during}${output}`;
}

function tellingLine(output: string): string {
  const lines = output.split('\n').flatMap((line) => plain(line) || []);
  return shorten(lines.find((line) => TELLING.test(line)) ?? lines.at(-1) ?? '', LONGEST_LINE);
}
