/** @module One thread's share of a load, from opening sessions to the closed recording. */

import type { Driver } from '../../driver/driver.ts';
import type { FlowSettings } from '../../profile/settings.ts';
import type { LookupLog } from '../../recording/lookup-log.ts';
import { identityByAgent } from '../../recording/measure/auth-load.ts';
import { connections as connectionMeasure } from '../../recording/measure/connections.ts';
import { flows as flowMeasure } from '../../recording/measure/flows.ts';
import type { Measure } from '../../recording/measure/measure.ts';
import { replay as replayMeasure } from '../../recording/measure/replay.ts';
import { slowest } from '../../recording/measure/slowest.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';
import type { SentLog } from '../../recording/sent-log.ts';
import { after, type Clock, within } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { type Agents, createAgents } from '../agent/agents.ts';
import { DataValues } from '../agent/data-values.ts';
import { ReplayedValues } from '../agent/replayed-values.ts';
import { TaskLimit } from '../agent/task-limit.ts';
import { replaySchedule } from '../schedule/replay.ts';
import { homesOf } from '../schedule/residence.ts';
import { createSchedule, type Schedule } from '../schedule/schedule.ts';
import { planFlows, strideOf } from './flow-plan.ts';
import { type Health, type Watch, watchHealth } from './health.ts';
import type { LoadUpdate } from './load-update.ts';
import { type Loop, startLoop } from './loop.ts';
import type { LoopOptions } from './loop-options.ts';
import { isResident, shareOf, spanUs, type WorkerPlan } from './plan.ts';
import { NO_PROGRESS, type Progress } from './progress.ts';
import { ReadLagWatch, threadLoop } from './read-lag.ts';
import { ShareAuth } from './share-auth.ts';
import { ShareCache } from './share-cache.ts';
import { openDriver } from './share-driver.ts';
import { WaitingCalls } from './waiting-calls.ts';

/** How long agents may take to end their sessions before their connections are closed. */
const CLOSE_WITHIN: Micros = 1e6;

/** The result of a share. */
interface ShareResult {
  readonly recording: Recording;
  readonly health: Health;
  /** The most connections that were open at the same time. */
  readonly connections: number;
  /** What became of each call; present when the load keeps it. */
  readonly sent?: SentLog;
  /** The calls whose results can be kept; present when the load keeps them. */
  readonly lookups?: LookupLog;
}

/** A share of a load: `prepare`, then `run`; `stop` ends either early. */
export interface Share {
  /** Opens connections and sessions, so that the load does not begin with a burst of handshakes. */
  prepare(): Promise<void>;
  /** Runs the load from `startUs` on; resolves when every call has ended. */
  run(startUs: Micros): Promise<ShareResult>;
  /** Tokens or rights of agents have changed; at any time. */
  update(update: LoadUpdate): void;
  /** Makes no further calls and ends the ones under way as `aborted`. */
  stop(): void;
  progress(): Progress;
}

/**
 * The share that `plan` describes, on `clock`, which was 0 at `originEpochMs` on the epoch; `measures` are those that it may start, by
 * default all that there are.
 */
export async function createShare(
  plan: WorkerPlan,
  clock: Clock,
  measures?: readonly Measure[],
  originEpochMs: Millis = clock.date().getTime() - clock.now() / 1000,
): Promise<Share> {
  const tallies = new Tallies(plan, measures);
  const { auth, cache } = plan;
  const kept: Kept = {
    auth: auth && new ShareAuth({ ...plan, auth }, clock, originEpochMs, tallies),
    cache: cache && new ShareCache({ ...plan, cache }, originEpochMs, tallies),
  };
  const driver = await openDriver(plan, clock, tallies.of(connectionMeasure));
  return new LoadShare(plan, clock, driver, tallies, kept, originEpochMs);
}

/** What agents of a share keep beside sessions. */
interface Kept {
  readonly auth: ShareAuth | undefined;
  readonly cache: ShareCache | undefined;
}

class LoadShare implements Share {
  readonly #plan: WorkerPlan;
  readonly #clock: Clock;
  readonly #driver: Driver;
  readonly #tallies: Tallies;
  readonly #auth: ShareAuth | undefined;
  readonly #cache: ShareCache | undefined;
  readonly #agents: Agents;
  readonly #replayed: ReplayedValues | undefined;
  #loop: Loop | undefined;
  readonly #taskLimit = new TaskLimit();
  #stopped = false;

  constructor(
    plan: WorkerPlan,
    clock: Clock,
    driver: Driver,
    tallies: Tallies,
    { auth, cache }: Kept,
    originEpochMs: Millis,
  ) {
    this.#plan = plan;
    this.#clock = clock;
    this.#driver = driver;
    this.#tallies = tallies;
    this.#auth = auth;
    this.#cache = cache;
    this.#replayed = plan.replay && new ReplayedValues(plan.replay);
    this.#agents = createAgents({
      era: plan.era,
      calls: plan.calls,
      seed: plan.seed,
      traced: plan.auth !== undefined,
      driver: this.#driver,
      data: plan.data && new DataValues(plan.data, plan.seed, strideOf(plan.flows ?? [])),
      replayed: this.#replayed,
      headers: plan.headers,
      now: () => clock.now(),
      measureFromUs: plan.load.warmupUs,
      connections: shareOf(plan.load.connections, plan.worker, plan.workers),
      timeoutUs: plan.load.timeoutUs,
      foreign: plan.foreign,
      cookies: plan.cookies,
      answers: plan.answers,
      capabilities: plan.capabilities,
      tallies,
      tasks: plan.tasks && {
        settings: plan.tasks,
        limit: this.#taskLimit,
        epochMsOf: (us) => originEpochMs + us / 1000,
      },
      credentials: auth?.layers,
      cache: cache?.sharing,
    });
  }

  update(update: LoadUpdate): void {
    if (update.kind === 'catalogue') this.#cache?.update(update);
    else this.#auth?.update(update);
  }

  async prepare(): Promise<void> {
    await this.#driver.warm();
    if (!this.#stopped) await this.#agents.open(this.#ourAgents());
  }

  async run(startUs: Micros): Promise<ShareResult> {
    const { load, calls } = this.#plan;
    const measureUs = startUs + load.warmupUs;
    this.#tallies.of(connectionMeasure)?.begin(measureUs);
    this.#tallies.of(slowest)?.begin(measureUs);
    this.#tallies.of(flowMeasure)?.begin(measureUs);
    this.#auth?.begin(measureUs);
    this.#cache?.begin(measureUs);
    // Once the load is over, tasks are followed as long as a call may take.
    this.#taskLimit.untilUs = startUs + spanUs(load) + load.timeoutUs;
    const recorder = new Recorder({
      calls: calls.map(({ name }) => name),
      startUs: measureUs,
      warmupUs: load.warmupUs,
      durationUs: load.durationUs,
      fine: this.#plan.fine ?? false,
      tallies: this.#tallies,
    });
    const readLag = new ReadLagWatch(
      threadLoop(() => this.#clock.now()),
      measureUs,
    );
    const loop = startLoop({ ...this.#loopOptions(recorder, startUs), readLag });
    this.#loop = loop;
    if (this.#stopped) loop.stop();
    const watching = this.#watchMeasured(measureUs);
    await loop.finished;
    const endUs = this.#clock.now();
    const health = { ...watching(), latenessP99Us: loop.latenessP99Us(), readLag: readLag.lag() };
    const connections = this.#driver.mostConnections();
    const recording = recorder.close({ endUs });
    await this.#leave();
    const sent = this.#auth?.sentLog?.log();
    const lookups = this.#cache?.log();
    return { recording, health, connections, ...(sent && { sent }), ...(lookups && { lookups }) };
  }

  /** Monitors the thread during the measured time. The returned function gives its health, even if that time was cut short. */
  #watchMeasured(measureUs: Micros): () => ReturnType<Watch['end']> {
    const now = (): Micros => this.#clock.now();
    const watch = watchHealth(now);
    let seen: ReturnType<Watch['end']> | undefined;
    // Coarse timers, because busy-waiting for these two would disturb the measurement.
    const toStart = measureUs - now();
    const cancelBegin = after(toStart, () => watch.begin());
    const cancelEnd = after(toStart + this.#plan.load.durationUs, () => {
      seen = watch.end();
    });
    return () => {
      cancelBegin();
      cancelEnd();
      return seen ?? watch.end();
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#loop?.stop();
    this.#taskLimit.stop();
    void this.#driver.close();
  }

  progress(): Progress {
    return this.#loop?.progress() ?? NO_PROGRESS;
  }

  /** The agents that live with this worker, whose calls it makes: it opens their sessions. */
  #ourAgents(): readonly number[] {
    const { load, worker, workers } = this.#plan;
    const homes = homesOf(load.agents, load.skew ?? 0, workers);
    return Array.from(homes.keys()).filter((agent) => homes[agent] === worker);
  }

  #loopOptions(recorder: Recorder, startUs: Micros): LoopOptions {
    const { load, flows = [], worker, workers } = this.#plan;
    return {
      schedule: this.#schedule(),
      agents: this.#agents,
      recorder,
      clock: this.#clock,
      startUs,
      endUs: startUs + spanUs(load),
      sentLog: this.#auth?.sentLog,
      maxInFlight: shareOf(load.maxInFlight, worker, workers),
      ...(flows.length > 0 && { flows: this.#flowOptions(flows) }),
      ...(this.#replayed && {
        replay: {
          waiting: new WaitingCalls(this.#replayed, this.#tallies.of(replayMeasure)),
          graceUs: load.timeoutUs,
        },
      }),
      ...(load.shape.kind === 'closed'
        ? {
            concurrency: shareOf(load.shape.concurrency, worker, workers),
            inRow: this.#driver.joinsRequests?.() !== true,
          }
        : {}),
    };
  }

  #schedule(): Schedule {
    const { load, calls, flows = [], replay = [], seed, worker, workers } = this.#plan;
    if (load.shape.kind === 'replay') return replaySchedule(replay, load.shape.speed, spanUs(load));
    const weights = [...calls, ...flows].map(({ weight }) => weight);
    const resident = isResident(this.#plan);
    return createSchedule({ load, weights, stride: strideOf(flows), seed, worker, workers, resident });
  }

  #flowOptions(flows: readonly FlowSettings[]): NonNullable<LoopOptions['flows']> {
    const { load, calls, seed, auth } = this.#plan;
    const identities = auth && identityByAgent(auth.identities);
    return {
      plans: planFlows(flows),
      firstIndex: calls.length,
      seed,
      ...(identities && { groupOf: (agent: number) => identities[agent]! }),
      graceUs: load.timeoutUs,
      tally: this.#tallies.of(flowMeasure),
    };
  }

  async #leave(): Promise<void> {
    if (!this.#stopped) {
      await within(CLOSE_WITHIN, this.#agents.close());
    }
    await this.#driver.close();
  }
}
