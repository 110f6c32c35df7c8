/** @module What is kept of a baseline beside its result, `paceline/baseline@1`: under which key it was stored. */
import { z } from 'zod';
import { type FileKind, readJsonFile } from '../../units/json-file.ts';
import { Revision } from '../revision.ts';
import { Identity } from './identity.ts';

export const Baseline = z.object({
  schema: z.literal('paceline/baseline@1'),
  /** The branch of the code that was measured. */
  branch: z.string(),
  /** Given by the user; a result with a name is kept until its folder is deleted. */
  name: z.string().optional(),
  savedAt: z.string(),
  ...Identity.shape,
  /** Of the result. */
  title: z.string(),
  createdAt: z.string(),
  seed: z.int(),
  variants: z.array(z.string()),
  revision: Revision.optional(),
});
export type Baseline = z.infer<typeof Baseline>;

const BASELINE: FileKind<Baseline> = {
  noun: 'baseline',
  schema: Baseline.shape.schema.value,
  content: Baseline,
  expected: 'a baseline.json written by paceline baseline save',
};

/** The baseline file at `path`. Rejects with a `UserError` when there is none, or it is not one of this schema. */
export const readBaseline = (path: string): Promise<Baseline> => readJsonFile(path, BASELINE);
