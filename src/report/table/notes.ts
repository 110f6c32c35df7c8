/** @module What happened during trials that a reader should know, one line per kind of note, with the trials it happened in. */
import type { Repetition } from '../../result/document.ts';
import type { Note } from '../../result/note.ts';
import { quoted } from '../findings/finding.ts';
import type { Model } from '../model.ts';
import { list, plain } from '../wording.ts';

/** A note of one trial. */
interface TrialNote {
  /** The same for notes that say the same of another time or figure. */
  readonly key: string;
  /** On one line. */
  readonly text: string;
  /** Whether a finding tells it, too. */
  readonly told: boolean;
}

/** The notes of one kind. */
interface Group {
  readonly texts: Set<string>;
  /** Repetitions, from 1, by variant. */
  readonly repetitions: Map<string, readonly number[]>;
}

/** The notes, in the order of the variants; those that no finding tells, or `all`. */
export function noteLines(model: Model, which: 'untold' | 'all'): readonly string[] {
  const groups = new Map<string, Group>();
  for (const { name, variant } of model.variants) {
    for (const repetition of variant.repetitions) {
      for (const { key, text, told } of notesOf(repetition)) {
        if (told && which === 'untold') continue;
        const group = groups.get(key) ?? { texts: new Set(), repetitions: new Map() };
        groups.set(key, group);
        group.texts.add(text);
        group.repetitions.set(name, [...(group.repetitions.get(name) ?? []), repetition.index + 1]);
      }
    }
  }
  return [...groups.values()].map((group) => lineOf(group, model));
}

function notesOf({ complete, generator, notes, observations }: Repetition): readonly TrialNote[] {
  return [
    ...(complete ? [] : [{ key: 'cut short', text: 'cut short', told: true }]),
    ...generator.reasons.map((reason) => ({ key: 'generator-bound', text: plain(reason), told: true })),
    ...notes.map((note, at) => {
      // Older results have no records.
      const record = observations?.[at];
      return { key: record ? keyOf(record) : note, text: plain(note), told: record?.kind === 'exited' };
    }),
  ];
}

/** What a note is about, without its figures. */
function keyOf(note: Note): string {
  switch (note.kind) {
    case 'exited':
      return JSON.stringify([note.kind, note.part, note.instance, note.code, note.signal]);
    case 'event-without-instance':
    case 'event-failed':
      return JSON.stringify([note.kind, note.event]);
    default:
      return JSON.stringify([note.kind, note.part]);
  }
}

function lineOf({ texts, repetitions }: Group, model: Model): string {
  const [text] = texts;
  const where = placesOf(repetitions, model);
  if (where === '') return text!;
  return texts.size > 1 ? `${where}, in the first of them: ${text}` : `${where}: ${text}`;
}

/** `All 12 trials`, `“a” repetitions 1 and 2`; empty where there is one trial. */
function placesOf(repetitions: Group['repetitions'], { variants }: Model): string {
  const ran = variants.filter(({ variant }) => variant.repetitions.length > 0);
  const trials = ran.reduce((sum, { variant }) => sum + variant.repetitions.length, 0);
  const those = [...repetitions.values()].reduce((sum, some) => sum + some.length, 0);
  if (trials === 1) return '';
  if (trials === those) return `All ${trials} trials`;
  return list(
    ran.flatMap(({ name, variant }) => {
      const some = repetitions.get(name);
      if (some === undefined) return [];
      if (some.length === variant.repetitions.length) return quoted(name);
      return `${quoted(name)} repetition${some.length === 1 ? '' : 's'} ${list(some.map(String))}`;
    }),
  );
}
