/** @module What a share of a load does about credentials: the tokens of its agents, what is counted of them, and what of both changes. */
import { type AuthTally, auth as measure } from '../../recording/measure/auth.ts';
import type { Tallies } from '../../recording/measure/tallies.ts';
import { SentLogWriter } from '../../recording/sent-log.ts';
import type { Clock } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { type CredentialsOptions, credentialsOf } from '../agent/credentials-layer.ts';
import type { AuthUpdate, LoadAuth } from './load-auth.ts';
import type { WorkerPlan } from './plan.ts';

/** The credentials of one thread's agents. */
export class ShareAuth {
  /** What the layers of the agents need. */
  readonly layers: CredentialsOptions;
  /** Absent: none is kept. */
  readonly sentLog: SentLogWriter | undefined;
  readonly #tally: AuthTally | undefined;
  readonly #clock: Clock;
  readonly #originEpochMs: Millis;
  readonly #unchecked: boolean;

  /**
   * @param originEpochMs - when `clock` was 0, on the epoch: changes have times on the epoch.
   * Throws a `UserError` when a token is not legal.
   */
  constructor(
    plan: WorkerPlan & { readonly auth: LoadAuth },
    clock: Clock,
    originEpochMs: Millis,
    tallies: Tallies,
  ) {
    const { auth, seed, worker, workers } = plan;
    this.#tally = tallies.of(measure);
    this.#clock = clock;
    this.#originEpochMs = originEpochMs;
    this.#unchecked = auth.mode === 'none' || auth.perCall;
    this.layers = {
      ...credentialsOf({ auth, seed, worker, workers, epochMs: () => clock.date().getTime() }),
      uses: auth.perCall ? undefined : this.#tally?.uses,
    };
    this.sentLog = auth.keepsSentLog ? new SentLogWriter() : undefined;
    const { expiresAtEpochMs = [] } = auth;
    this.#expire([...expiresAtEpochMs.keys()], expiresAtEpochMs, Number.NEGATIVE_INFINITY);
  }

  /** The measured time begins at `startUs`. */
  begin(startUs: Micros): void {
    this.#tally?.begin(startUs);
  }

  /** Takes in a change, at any time. */
  update(update: AuthUpdate): void {
    const { agents } = update;
    const atUs = this.#onOurClock(update.atEpochMs);
    if (update.kind === 'begun') this.#tally?.begun(update.event, agents, atUs);
    else if (update.kind === 'confirmed') this.#tally?.confirmed(update.event, agents, update.expected, atUs);
    else {
      this.layers.credentials.renew(agents, update.tokens);
      this.#tally?.uses.renewed(agents);
      this.#expire(agents, update.expiresAtEpochMs ?? [], this.#clock.now());
    }
  }

  /** Where nothing is checked, it does not matter when tokens expire. */
  #expire(agents: readonly number[], expiresAtEpochMs: readonly (Millis | null)[], sinceUs: Micros): void {
    if (this.#unchecked) return;
    const expiresUs = agents.map((_, i) => expiresAtEpochMs[i] ?? null);
    this.#tally?.expire(
      agents,
      expiresUs.map((atMs) => (atMs === null ? null : this.#onOurClock(atMs))),
      sinceUs,
    );
  }

  #onOurClock(atEpochMs: Millis): Micros {
    return (atEpochMs - this.#originEpochMs) * 1000;
  }
}
