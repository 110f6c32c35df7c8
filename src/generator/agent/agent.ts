/** @module An agent: a simulated MCP caller with an identity and, in the sessions era, a session. */
import type { Driver, Reply } from '../../driver/driver.ts';
import type { CallSettings, Era } from '../../profile/settings.ts';
import type { Tallies } from '../../recording/measure/tallies.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival } from '../schedule/schedule.ts';

/** How an agent's call ended. */
export interface CallEnd {
  readonly reply: Reply;
  /**
   * When the agent's work for the call began on the wire. Later than the reply's request only where the call had to
   * wait for a session to be opened: opening it is part of what the call costs, not a delay of the generator.
   */
  readonly sentUs: Micros;
  /** Whether this call was the one that found its session gone; others under way in it do not count. */
  readonly lostSession?: boolean;
}

/** Makes calls. One of many; they share a driver. */
export interface Agent {
  /** Does what a client does before its first call. Resolves whether or not that worked: failures are counted. */
  open(): Promise<void>;
  /** Makes the call of `arrival`; `onEnd` is called exactly once, never from within `call`. */
  call(arrival: Arrival, onEnd: (end: CallEnd) => void): void;
  /** Says goodbye as a client does. */
  close(): Promise<void>;
}

/** The agents of one worker, by index. */
export interface Agents {
  /** Only the agents whose arrivals this worker makes exist; created on first use when not opened before. */
  of(index: number): Agent;
  /** Opens agents `indexes`, a bounded number at a time. */
  open(indexes: readonly number[]): Promise<void>;
  /** Closes every agent, a bounded number at a time. */
  close(): Promise<void>;
}

/** What agents need. */
export interface AgentOptions {
  readonly era: Era;
  readonly calls: readonly CallSettings[];
  readonly seed: number;
  readonly driver: Driver;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly now: () => Micros;
  /** Calls due before this time are warm-up: they count in no owner-hit rate, and the sessions they open not as handshakes of the load. */
  readonly measureFromUs: Micros;
  /** Where agents count what no sample of a call says: what became of their sessions. Absent: nobody reads the counts. */
  readonly tallies?: Tallies;
}
