/** @module Recordings as files: the raw counts of a trial, written and read back bit for bit, to be merged or summarised later. */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import { type FileKind, readJsonFile } from '../units/json-file.ts';
import type { Recording } from './recording.ts';

/** A recording, and the trial that it was made in. */
export interface StoredRecording {
  /** Seed of the experiment. */
  readonly seed: number;
  /** Name of the variant. */
  readonly variant: string;
  /** Index of the repetition within its variant, from 0. */
  readonly repetition: number;
  readonly recording: Recording;
}

const SCHEMA = 'paceline/recording@1';

const whole = z.int().min(0);
const Series = z.strictObject({
  count: whole,
  totalUs: z.number(),
  maxUs: z.number(),
  histogram: z.string(),
});
const counts = z.record(z.string(), whole);

const Counted = z.strictObject({
  measuredUs: z.number(),
  dueInTime: z.exactOptional(whole),
  answeredInTime: whole,
  okInTime: whole,
  outcomes: z.record(z.enum(OUTCOMES), whole) as z.ZodType<Readonly<Record<Outcome, number>>>,
  misuseRefused: z.exactOptional(z.partialRecord(z.enum(OUTCOMES), whole)),
  details: z.array(
    z.strictObject({
      outcome: z.enum(OUTCOMES),
      detail: z.string(),
      count: whole,
      example: z.exactOptional(z.string()),
    }),
  ),
  sendLag: Series,
  byCall: z.array(
    z.strictObject({
      name: z.string(),
      due: whole,
      dropped: whole,
      done: whole,
      ok: whole,
      aborted: z.exactOptional(whole),
      misuseRefused: z.exactOptional(whole),
      okResponseTime: Series,
      responseTime: Series,
      serviceTime: Series,
    }),
  ),
  byInstance: z.array(
    z.strictObject({
      name: z.string(),
      calls: whole,
      ok: z.exactOptional(whole),
      misuseRefused: z.exactOptional(whole),
      okResponseTime: z.exactOptional(Series),
      responseTime: Series,
    }),
  ),
  windows: z.array(
    z.strictObject({
      sent: whole,
      ok: whole,
      errors: whole,
      times: z.array(whole),
      failedTimes: z.exactOptional(z.array(whole)),
      arrived: z.exactOptional(z.strictObject({ answered: whole, ok: whole })),
      instances: z.exactOptional(counts),
      byDue: z.exactOptional(
        z.strictObject({
          due: whole,
          answered: whole,
          timedOut: whole,
          beyondWarmupUs: z.number(),
          dropped: z.exactOptional(whole),
        }),
      ),
    }),
  ),
  buckets: z.exactOptional(
    z.array(
      z.strictObject({
        ok: whole,
        errors: whole,
        lost: whole,
        instances: z.array(z.tuple([z.string(), whole])),
        times: z.array(z.tuple([whole, whole])),
      }),
    ),
  ),
  measures: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<Recording>;

const RECORDING = {
  noun: 'recording',
  schema: SCHEMA,
  content: z.strictObject({
    schema: z.literal(SCHEMA),
    seed: whole,
    variant: z.string(),
    repetition: whole,
    recording: Counted,
  }),
  expected: 'a recording written by paceline run --keep',
} satisfies FileKind<StoredRecording & { readonly schema: typeof SCHEMA }>;

/** Writes `stored` to `path`. Rejects with the error of the system. */
export async function writeRecording(path: string, stored: StoredRecording): Promise<void> {
  await writeFile(path, `${JSON.stringify({ schema: SCHEMA, ...stored })}\n`);
}

/** The recording at `path`, equal to the one that was written. Rejects with a `UserError` when there is none, or it is broken. */
export async function readRecording(path: string): Promise<StoredRecording> {
  const { schema: _, ...stored } = await readJsonFile(path, RECORDING);
  return stored;
}
