/** @module What happened during a trial that a reader of its figures should know, as records. src/report/note-text.ts words them. */
import { z } from 'zod';

const count = z.int().min(0);

/** A process of the testbed ended although Paceline had not ended it. */
export const ExitNote = z.object({
  kind: z.literal('exited'),
  part: z.enum(['fleet', 'balancer', 'authority', 'store']),
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

/** A server redirects the URL that was given for it; the load went to where it leads. */
const RedirectedNote = z.object({
  kind: z.literal('redirected'),
  part: z.enum(['target', 'fleet']),
  from: z.string(),
  to: z.string(),
});

/** A server or balancer sets cookies, which agents send back or drop. */
const CookieNote = z.object({
  kind: z.literal('cookies'),
  part: z.enum(['target', 'fleet']),
  kept: z.boolean(),
});

/** The values of the response header `header` do not tell instances apart; `value` is one of them. */
const UnknownInstancesNote = z.object({
  kind: z.literal('instances-unknown'),
  part: z.enum(['target', 'fleet']),
  header: z.string(),
  value: z.string(),
});

/** A server of the sessions era gives no session ids. */
const NoSessionsNote = z.object({ kind: z.literal('no-sessions'), part: z.enum(['target', 'fleet']) });

/** Requests that agents made beside calls and handshakes: GET streams opened again, event streams of calls continued, requests of the server answered. */
const OtherRequestsNote = z.object({
  kind: z.literal('other-requests'),
  part: z.enum(['target', 'fleet']),
  reopened: count,
  resumed: count,
  answered: count,
});

/** Lists have several pages: `pages` requests for `lists` calls. */
const ListPagesNote = z.object({
  kind: z.literal('list-pages'),
  part: z.enum(['target', 'fleet']),
  lists: count,
  pages: count,
});

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

/** The tokens of agents expired during the load, and they sent them all the same. */
const ExpiredTokensNote = z.object({
  kind: z.literal('tokens-not-renewed'),
  part: z.literal('credentials'),
  agents: count,
  /** Why there were no new ones, for people; null: nothing renews them. */
  reason: z.string().nullable(),
});

/** The inspection before the load learned nothing. */
const FailedInspectionNote = z.object({
  kind: z.literal('inspection-failed'),
  part: z.literal('inspection'),
  /** For people. */
  reason: z.string(),
});

/** What a load thread had of the processor. */
const THREAD = {
  /** Share of a core that the busiest load thread used. */
  cpu: z.number().min(0),
  /** Share of the time for which a load thread was ready to run and had no core; absent in older results. */
  coreWait: z.number().min(0).optional(),
};

/** The send lag is a notable part of the response time. */
export const SendLagNote = z.object({
  kind: z.literal('send-lag'),
  part: z.literal('generator'),
  /** The percentile that both times are read at: 99. */
  percentile: z.number(),
  lagUs: count,
  responseUs: count,
  /** Where most of it arose: a load thread was busy, or waited for a core; `unknown` when neither was seen. In older results also: all connections were in use. */
  cause: z.enum(['thread-busy', 'no-core', 'unknown', 'connections-busy']),
  ...THREAD,
  connections: count,
});
export type SendLagNote = z.infer<typeof SendLagNote>;

/** Answers were read so late that it is a notable part of the response time. */
export const ReadLagNote = z.object({
  kind: z.literal('read-lag'),
  part: z.literal('generator'),
  /** The percentile that both times are read at: 50. */
  percentile: z.number(),
  /** As estimated from the turns of the event loop. */
  lagUs: count,
  responseUs: count,
  ...THREAD,
});
export type ReadLagNote = z.infer<typeof ReadLagNote>;

/** A load thread was always busy, and fewer calls were answered than fell due. */
const BusyThreadNote = z.object({
  kind: z.literal('busy-thread'),
  part: z.literal('generator'),
  ...THREAD,
  achievedPerSecond: z.number().min(0),
  offeredPerSecond: z.number().min(0),
});
export type BusyThreadNote = z.infer<typeof BusyThreadNote>;

/** In a closed loop, which has no due times that would show it: the event loop of a load thread stood still. */
const StoppedNote = z.object({
  kind: z.literal('stopped'),
  part: z.literal('generator'),
  stoppedUs: count,
  /** The measured time. */
  measuredUs: count,
});
export type StoppedNote = z.infer<typeof StoppedNote>;

/** Whether `note` is of times that the generator made notably longer. */
export const isLagNote = (note: Note): note is SendLagNote | ReadLagNote =>
  note.kind === 'send-lag' || note.kind === 'read-lag';

/** Calls found all connections busy, and further ones were opened. */
const PoolNote = z.object({
  kind: z.literal('pool-grew'),
  part: z.literal('generator'),
  /** Connections opened before the load. */
  from: count,
  /** The most that were open at the same time. */
  to: count,
  /** The most that could have been. */
  limit: count,
});

/** The response time at the start of the measured time was longer than at its end, as of a target that is not warm yet. */
const WarmingUpNote = z.object({
  kind: z.literal('warming-up'),
  part: z.literal('load'),
  /** Median response time in the first second. */
  firstUs: count,
  /** The same at the end: the middle one of the last third of the seconds. */
  lastUs: count,
  warmupUs: count,
});
export type WarmingUpNote = z.infer<typeof WarmingUpNote>;

/** One thing that happened. */
export const Note = z.discriminatedUnion('kind', [
  ExitNote,
  UnnamedNote,
  TextIdNote,
  RedirectedNote,
  CookieNote,
  UnknownInstancesNote,
  NoSessionsNote,
  OtherRequestsNote,
  ListPagesNote,
  NoInstanceNote,
  FailedEventNote,
  ExpiredTokensNote,
  FailedInspectionNote,
  SendLagNote,
  ReadLagNote,
  BusyThreadNote,
  StoppedNote,
  PoolNote,
  WarmingUpNote,
]);
export type Note = z.infer<typeof Note>;

/** What the generator notes about itself. */
export type GeneratorNote = Extract<Note, { readonly part: 'generator' }>;
