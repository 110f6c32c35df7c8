/** @module What the load loop needs. */
import type { Recorder } from '../../recording/recorder.ts';
import type { SentLogWriter } from '../../recording/sent-log.ts';
import type { Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { Agent } from '../agent/agent.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { FlowOptions } from './flows.ts';
import type { ReadLagWatch } from './read-lag.ts';
import type { WaitingCalls } from './waiting-calls.ts';

/** The parts of a load, and its limits. */
export interface LoopOptions {
  readonly schedule: Schedule;
  /** The agents that make the calls, by the agent index of an arrival. */
  readonly agents: { of(index: number): Pick<Agent, 'call'> };
  /** Its `add` gets one object for all calls. */
  readonly recorder: Pick<Recorder, 'due' | 'drop' | 'add'>;
  readonly clock: Clock;
  /** When the load begins, on `clock`; due times of the schedule count from here. */
  readonly startUs: Micros;
  /** When the load ends: no call is due at or after it. */
  readonly endUs: Micros;
  /** Number of calls in flight at which further due calls are dropped. */
  readonly maxInFlight: number;
  /** Arrivals whose call has this index or a higher one are arrivals of flows. Absent: the mix has single calls only. */
  readonly flows?: FlowOptions & { readonly firstIndex: number };
  /** A replay: its calls that need results of others, and how long after the end of the load they may be made. Absent: no call waits. */
  readonly replay?: { readonly waiting: WaitingCalls; readonly graceUs: Micros };
  /** Told of every answer, when it was sent for and when it was read. */
  readonly readLag?: Pick<ReadLagWatch, 'answered'>;
  /** Told of every call that was sent, when it has ended. */
  readonly sentLog?: Pick<SentLogWriter, 'ended'> | undefined;
  /** Closed loop: how many calls are kept in flight. Absent: open loop. */
  readonly concurrency?: number;
  /** Closed loop: whether the calls that follow the answers of one turn of the event loop are made in a row, at its end. Absent: each at once. */
  readonly inRow?: boolean;
}
