/** @module Decides whether the generator limited a trial: the bounds beyond which a trial says nothing about the server. */
import type { Health } from '../generator/engine/health.ts';
import type { LoadSettings } from '../profile/settings.ts';
import { noteText } from '../report/note-text.ts';
import type { Generator, Summary } from '../result/document.ts';
import type { SendLagNote } from '../result/note.ts';
import type { Micros } from '../units/time.ts';

/** Send lag below this is always treated as noise of the machine. */
const SEND_LAG_FLOOR: Micros = 2000;
/** Send lag is part of the response time: above this share of it, at the same percentile, the figure reflects the generator more than the server. */
const SEND_LAG_LIMIT = 0.5;
/** Above this share, a note warns the reader. */
const SEND_LAG_WARNING = 0.2;
/** Calls that must lie beyond a percentile for it to be judged: a single pause of the machine could account for fewer. */
const CALLS_BEYOND = 20;
/** Share of due calls that may be dropped; above it, the offered load differs from the configured one. */
const DROP_SHARE = 0.001;
/** CPU use of a thread, as a share of a core, above which its own work queues up. */
const CPU_LIMIT = 0.95;

/** The influence of the generator on a trial. */
export interface Judged {
  /** Its health as stored in the result, with the reasons if it limited the trial. */
  readonly generator: Generator;
  /** A note about its send lag, if it is notable but did not limit the trial. */
  readonly notes: readonly SendLagNote[];
}

/** Judges the generator of a trial. */
export function judgeGenerator(
  summary: Summary,
  health: Health,
  load: LoadSettings,
  workers: number,
): Judged {
  const lag = lagOf(summary, health, load);
  const reasons = [...(lag?.limits === true ? [noteText(lag.note)] : []), ...dropReasons(summary, load)];
  const generator = {
    cpu: round(health.cpu),
    eventLoopDelayP99Us: health.eventLoopDelayP99Us,
    gc: round(health.gc),
    driver: load.driver,
    workers,
    bound: reasons.length > 0,
    reasons,
  };
  return { generator, notes: lag?.limits === false ? [lag.note] : [] };
}

/** A notable send lag. */
interface Lag {
  readonly note: SendLagNote;
  /** Whether it exceeds the limit, not only the warning level. */
  readonly limits: boolean;
}

function lagOf({ sendLag, responseTime }: Summary, health: Health, load: LoadSettings): Lag | undefined {
  if (load.shape.kind === 'closed') return undefined;
  const { percentile, key } = judgedPercentile(sendLag.count);
  const lagUs = sendLag[key];
  const responseUs = responseTime[key];
  const isPast = (share: number): boolean => lagUs > Math.max(SEND_LAG_FLOOR, share * responseUs);
  if (!isPast(SEND_LAG_WARNING)) return undefined;
  const note: SendLagNote = {
    kind: 'send-lag',
    part: 'generator',
    percentile,
    lagUs,
    responseUs,
    cause: causeOf(lagUs, health),
    cpu: round(health.cpu),
    connections: load.connections,
  };
  return { note, limits: isPast(SEND_LAG_LIMIT) };
}

/** The highest percentile with enough calls beyond it. */
function judgedPercentile(calls: number): {
  readonly percentile: number;
  readonly key: 'p90Us' | 'p95Us' | 'p99Us';
} {
  if (calls * 0.01 >= CALLS_BEYOND) return { percentile: 99, key: 'p99Us' };
  return calls * 0.05 >= CALLS_BEYOND ? { percentile: 95, key: 'p95Us' } : { percentile: 90, key: 'p90Us' };
}

/** The main cause of the lag: it arose either before a call was taken up (no core in time) or after (no free connection). */
function causeOf(lagUs: Micros, health: Health): SendLagNote['cause'] {
  if (health.cpu > CPU_LIMIT) return 'thread-busy';
  return health.latenessP99Us >= lagUs / 2 ? 'no-core' : 'connections-busy';
}

function dropReasons({ calls }: Summary, load: LoadSettings): readonly string[] {
  if (calls.dropped <= DROP_SHARE * calls.due) return [];
  return [
    `${calls.dropped} of ${calls.due} due calls were dropped at load.maxInFlight = ${load.maxInFlight}; raise it, or lower load.rate to what the server can take`,
  ];
}

const round = (share: number): number => Math.round(share * 1000) / 1000;
