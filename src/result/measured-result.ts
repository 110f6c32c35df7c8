/** @module The part of a result that comparisons read: figures of repetitions, and how they were measured. Reading the rest of a long result takes most of the time. */
import { z } from 'zod';
import { type FileKind, readJsonFile } from '../units/json-file.ts';
import { Repetition, ResultDocument, VariantResult } from './document.ts';
import { FIGURES } from './measure/quantities.ts';
import { Window } from './over-time.ts';

const { index, complete, generator, byCall, histograms } = Repetition.shape;

/** The answers of each second, which rates have to agree with. */
const windows = z.array(Window.pick({ lengthMs: true, arrived: true })).optional();

/** A repetition without its notes, and without most of what is kept of instances and over time. Every {@link Repetition} is one. */
const MeasuredRepetition = z.object({ ...FIGURES, index, complete, generator, byCall, histograms, windows });
export type MeasuredRepetition = z.infer<typeof MeasuredRepetition>;

const { name, settings } = VariantResult.shape;

/** Every {@link ResultDocument} is one, older ones too: what they lack is not read, or is filled in by the schemas of quantities. */
export const MeasuredResult = ResultDocument.pick({
  schema: true,
  paceline: true,
  createdAt: true,
  seed: true,
  complete: true,
  profile: true,
  command: true,
  revision: true,
  machine: true,
}).extend({
  variants: z.array(z.object({ name, settings, repetitions: z.array(MeasuredRepetition) })),
});
export type MeasuredResult = z.infer<typeof MeasuredResult>;

const MEASURED: FileKind<MeasuredResult> = {
  noun: 'result',
  schema: ResultDocument.shape.schema.value,
  content: MeasuredResult,
  expected: 'a result.json written by paceline run',
};

/** What comparisons read of the result file at `path`. Rejects with a `UserError` when there is none, or it is not one of this schema. */
export const readMeasured = (path: string): Promise<MeasuredResult> => readJsonFile(path, MEASURED);
