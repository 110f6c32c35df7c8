/** @module What happened during a trial that a reader of its figures should know, as records. src/report/note-text.ts words them. */
import { z } from 'zod';

const count = z.int().min(0);

/** A process of the testbed ended although Paceline had not ended it. */
export const ExitNote = z.object({
  kind: z.literal('exited'),
  part: z.enum(['fleet', 'balancer']),
  /** Of the fleet: the instance. */
  instance: z.string().optional(),
  /** Exit code; null when a signal ended it. */
  code: z.int().nullable(),
  signal: z.string().nullable(),
  /** The last lines of its output; empty when it wrote nothing. */
  output: z.string(),
});
export type ExitNote = z.infer<typeof ExitNote>;

/** The answers of a target do not name the instance that gave them in the response header `header`. */
const UnnamedNote = z.object({
  kind: z.literal('instances-unnamed'),
  part: z.literal('target'),
  header: z.string(),
});

/** The answers of a server repeat a numeric id as text. */
const TextIdNote = z.object({ kind: z.literal('ids-as-text'), part: z.enum(['target', 'fleet']) });

/** An event was due, and no instance was left to inject it into; `number` is that of the one it is for, if it is for one. */
const NoInstanceNote = z.object({
  kind: z.literal('event-without-instance'),
  part: z.literal('events'),
  event: z.string(),
  number: count.optional(),
});

/** An event could not be injected, or not be ended. */
const FailedEventNote = z.object({
  kind: z.literal('event-failed'),
  part: z.literal('events'),
  event: z.string(),
  /** The instance it was for; absent when one was to join. */
  instance: z.string().optional(),
  /** For people. */
  reason: z.string(),
});

/** The send lag is a notable part of the response time. */
export const SendLagNote = z.object({
  kind: z.literal('send-lag'),
  part: z.literal('generator'),
  /** The percentile that both times are read at: 99. */
  percentile: z.number(),
  lagUs: count,
  responseUs: count,
  /** Where most of it arose: a load thread was busy, it did not get a core in time, or all connections were in use. */
  cause: z.enum(['thread-busy', 'no-core', 'connections-busy']),
  /** Share of a core that the busiest load thread used. */
  cpu: z.number().min(0),
  connections: count,
});
export type SendLagNote = z.infer<typeof SendLagNote>;

/** One thing that happened. */
export const Note = z.discriminatedUnion('kind', [
  ExitNote,
  UnnamedNote,
  TextIdNote,
  NoInstanceNote,
  FailedEventNote,
  SendLagNote,
]);
export type Note = z.infer<typeof Note>;
