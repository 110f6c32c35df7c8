/** @module Decides whether the generator limited a trial: the bounds beyond which a trial says nothing about the server. */
import type { LoadResult } from '../generator/engine/engine.ts';
import type { Health } from '../generator/engine/health.ts';
import type { LoadSettings } from '../profile/settings.ts';
import { noteText } from '../report/note-text.ts';
import { keptUp } from '../result/calibration.ts';
import type { Generator, Summary } from '../result/document.ts';
import type { BusyThreadNote, GeneratorNote, ReadLagNote, SendLagNote, StoppedNote } from '../result/note.ts';
import type { Micros } from '../units/time.ts';

/** A lag at a high percentile below this is always treated as noise of the machine. */
const TAIL_FLOOR: Micros = 2000;
/** The same at the median, which a single pause of the machine does not move. */
const MEDIAN_FLOOR: Micros = 300;
/** Both lags are part of the response time: above this share of it, at the same percentile, the figure reflects the generator more than the server. */
const LAG_LIMIT = 0.5;
/** Above this share, a note warns the reader. */
const LAG_WARNING = 0.2;
/** Calls that must lie beyond a percentile for it to be judged: a single pause of the machine could account for fewer. */
const CALLS_BEYOND = 20;
/** Answers below which nothing is judged, if that is a small part of the calls: the others ended in another way, and their times are not known. */
const FEW_ANSWERS = 20;
/** CPU use of a thread, as a share of a core, above which its own work queues up. */
const CPU_LIMIT = 0.95;
/** Share of the time a thread waits for a core from which that is a cause of its lags. */
const WAIT_LIMIT = 0.02;
/** A closed loop whose event loop stood still for longer than both, the second as a share of the measured time, was limited by that. */
const STOP_FLOOR: Micros = 500_000;
const STOP_LIMIT = 0.1;

/** The influence of the generator on a trial. */
export interface Judged {
  /** Its health as stored in the result, with the reasons if it limited the trial. */
  readonly generator: Generator;
  /** Notes about its lags, if they are notable but did not limit the trial, and about its connections. */
  readonly notes: readonly GeneratorNote[];
}

/**
 * Judges the generator of a trial: only what its own lateness explains is its doing. Calls that waited for connections that were
 * all in use, and calls dropped because as many as allowed were under way, are not (docs/decisions/0008-send-lag.md).
 */
export function judgeGenerator(
  summary: Summary,
  { health, connections }: Pick<LoadResult, 'health' | 'connections'>,
  load: LoadSettings,
  workers: number,
): Judged {
  const lags = [
    ...lagsOf(summary, health, load),
    ...tooBusy(summary, health, load),
    ...stopped(health, load),
  ];
  const reasons = lags.filter(({ limits }) => limits).map(({ note }) => noteText(note));
  const generator = {
    cpu: round(health.cpu),
    eventLoopDelayP99Us: health.eventLoopDelayP99Us,
    gc: round(health.gc),
    driver: load.driver,
    workers,
    connections,
    readLag: health.readLag,
    bound: reasons.length > 0,
    reasons,
  };
  const notable = lags.filter(({ limits }) => !limits).map(({ note }) => note);
  return { generator, notes: [...notable, ...poolNotes(connections, load, summary)] };
}

/** A notable lag. */
interface Lag {
  readonly note: SendLagNote | ReadLagNote | BusyThreadNote | StoppedNote;
  /** Whether it exceeds the limit, not only the warning level. */
  readonly limits: boolean;
}

type Percentile = keyof typeof KEYS;
const KEYS = { 50: 'p50Us', 90: 'p90Us', 95: 'p95Us', 99: 'p99Us' } as const;

/** The lags at one percentile of the calls that were answered. */
interface LagsAt {
  readonly percentile: Percentile;
  readonly sendUs: Micros;
  readonly readUs: Micros;
  readonly responseUs: Micros;
}

/**
 * How lately calls were sent, and how late answers were read. A closed loop has no due time to be late for. Of the read lag, which is also judged at
 * the median, the worse of both.
 */
function lagsOf(summary: Summary, health: Health, load: LoadSettings): readonly Lag[] {
  const { count: sent } = summary.sendLag;
  const { count: answered } = hasHits(summary) ? summary.serviceTime : summary.responseTime;
  if (answered < FEW_ANSWERS && answered < sent / 2) return [];
  const at = (percentile: Percentile): LagsAt => ({
    percentile,
    sendUs: load.shape.kind === 'closed' ? 0 : summary.sendLag[KEYS[percentile]],
    readUs: health.readLag[KEYS[percentile]],
    responseUs: responseOfSent(summary, percentile),
  });
  const median = at(50);
  const tail = at(tailOf(answered));
  const reads = [readLag(median, MEDIAN_FLOOR, health), readLag(tail, TAIL_FLOOR, health)].flat();
  const [worst] = reads.sort((a, b) => Number(b.limits) - Number(a.limits));
  return [...sendLag(tail, health, load), ...(worst === undefined ? [] : [worst])];
}

function sendLag(at: LagsAt, health: Health, load: LoadSettings): readonly Lag[] {
  const { percentile, sendUs: lagUs, responseUs } = at;
  if (!isPast(LAG_WARNING, TAIL_FLOOR, lagUs, responseUs)) return [];
  const note: SendLagNote = {
    kind: 'send-lag',
    part: 'generator',
    percentile,
    lagUs,
    responseUs,
    cause: causeOf(health),
    ...threadOf(health),
    connections: load.connections,
  };
  return [{ note, limits: isPast(LAG_LIMIT, TAIL_FLOOR, lagUs, responseUs) || limitTogether(at) }];
}

function readLag(at: LagsAt, floor: Micros, health: Health): readonly Lag[] {
  const { percentile, readUs: lagUs, responseUs } = at;
  if (!isPast(LAG_WARNING, floor, lagUs, responseUs)) return [];
  const note: ReadLagNote = {
    kind: 'read-lag',
    part: 'generator',
    percentile,
    lagUs,
    responseUs,
    ...threadOf(health),
  };
  return [{ note, limits: isPast(LAG_LIMIT, floor, lagUs, responseUs) || limitTogether(at) }];
}

/** Whether both lags together are most of the response time, though neither is by itself. */
const limitTogether = ({ sendUs, readUs, responseUs }: LagsAt): boolean =>
  isPast(LAG_LIMIT, TAIL_FLOOR, sendUs + readUs, responseUs);

const threadOf = ({ cpu, coreWait }: Health): Pick<ReadLagNote, 'cpu' | 'coreWait'> => ({
  cpu: round(cpu),
  coreWait: round(coreWait),
});

function causeOf({ cpu, coreWait }: Health): SendLagNote['cause'] {
  if (cpu > CPU_LIMIT) return 'thread-busy';
  return coreWait > WAIT_LIMIT ? 'no-core' : 'unknown';
}

/**
 * The response time of calls that were sent. A call that was given from the cache of its agent takes no longer than the generator is late,
 * and says nothing of how late the others are: with such calls, it is the time of an exchange and the lag before it.
 */
function responseOfSent(summary: Summary, percentile: Percentile): Micros {
  const key = KEYS[percentile];
  const { responseTime, serviceTime, sendLag } = summary;
  return hasHits(summary) ? serviceTime[key] + sendLag[key] : responseTime[key];
}

const hasHits = ({ cache }: Summary): boolean =>
  cache !== undefined && cache.at === 'agent' && cache.hits > 0;

/** A thread that always has work and does not keep up: answers wait for it where no lag shows them, in the buffers of the sockets. */
function tooBusy({ rate }: Summary, health: Health, load: LoadSettings): readonly Lag[] {
  const { offeredPerSecond, achievedPerSecond } = rate;
  if (load.shape.kind === 'closed' || health.cpu + health.coreWait <= CPU_LIMIT) return [];
  if (keptUp(achievedPerSecond, offeredPerSecond)) return [];
  const note: BusyThreadNote = {
    kind: 'busy-thread',
    part: 'generator',
    ...threadOf(health),
    achievedPerSecond,
    offeredPerSecond,
  };
  return [{ note, limits: true }];
}

/** A closed loop that stood still: the calls that it did not make meanwhile are missing from its rates, and no lag shows them. */
function stopped({ longestStopUs }: Health, { shape, durationUs }: LoadSettings): readonly Lag[] {
  if (shape.kind !== 'closed' || longestStopUs <= Math.max(STOP_FLOOR, STOP_LIMIT * durationUs)) return [];
  const note: StoppedNote = {
    kind: 'stopped',
    part: 'generator',
    stoppedUs: longestStopUs,
    measuredUs: durationUs,
  };
  return [{ note, limits: true }];
}

const isPast = (share: number, floor: Micros, lagUs: Micros, responseUs: Micros): boolean =>
  lagUs > Math.max(floor, share * responseUs);

/** The highest percentile with enough calls beyond it. */
function tailOf(calls: number): Percentile {
  if (calls * 0.01 >= CALLS_BEYOND) return 99;
  return calls * 0.05 >= CALLS_BEYOND ? 95 : 90;
}

/** A pool may have places for connections that could not be opened, or were not opened yet: then there were no further ones. */
function poolNotes(
  connections: number,
  load: LoadSettings,
  { connections: opened }: Summary,
): readonly GeneratorNote[] {
  const all = opened === undefined ? connections : opened.before + opened.measured;
  if (Math.min(connections, all) <= load.connections) return [];
  const { connections: from, maxConnections: limit } = load;
  return [{ kind: 'pool-grew', part: 'generator', from, to: Math.min(connections, all), limit }];
}

const round = (share: number): number => Math.round(share * 1000) / 1000;
