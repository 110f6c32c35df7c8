/** @module What agents had after changes of the catalogue: which version each answer had, and when each agent got the new one. */
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import type { Micros } from '../../units/time.ts';
import { clampTime, Tally } from '../histogram.ts';
import { AgentNumbers } from './agent-numbers.ts';
import type { ChangeCounts } from './cache-counts.ts';
import type { CachedLoad } from './cache-load.ts';
import { STEP } from './step-counts.ts';

type PlannedChange = CachedLoad['changes'][number];

/** The methods whose results a change concerns. */
const CONCERNED: Readonly<Record<PlannedChange['what'], readonly CacheableMethod[]>> = {
  tools: ['tools/list'],
  prompts: ['prompts/list'],
  resources: ['resources/list', 'resources/templates/list'],
  resource: ['resources/read'],
};

/** Answers wait for so long to be judged: longer than a message about a change takes to arrive, and than steps are counted before one. */
const HOLD: Micros = 2e6;
/** Steps begin so long before a change, and go on for so long after it. */
const BEFORE: Micros = 1e6;
const MOST_AFTER: Micros = 60e6;

/** What an agent was given, from a cache or not. */
export interface VersionedAnswer {
  readonly agent: number;
  readonly method: CacheableMethod;
  /** Of a read. */
  readonly uri: string | undefined;
  /** How often the catalogue had changed when the origin made it. */
  readonly version: number;
  readonly atUs: Micros;
}

/** The changes of one worker's load. */
export class CacheChanges {
  readonly #changes: readonly Change[];
  readonly #waiting: VersionedAnswer[] = [];

  constructor(planned: CachedLoad['changes']) {
    this.#changes = planned.map((change, index) => new Change(change, index + 1));
  }

  begun(version: number, atUs: Micros): void {
    const change = this.#changes[version - 1];
    if (change !== undefined) change.begunUs ??= atUs;
  }

  confirmed(version: number, atUs: Micros): void {
    const change = this.#changes[version - 1];
    if (change?.begunUs === undefined || change.confirmedUs !== undefined) return;
    this.#judge(atUs);
    change.confirm(atUs);
  }

  answered(answer: VersionedAnswer): void {
    if (this.#changes.length === 0) return;
    this.#waiting.push(answer);
    if (this.#waiting.length % 64 === 0) this.#judge(answer.atUs - HOLD);
  }

  /** The server told an agent that the results of `method` have changed. */
  notified(method: CacheableMethod, uri: string | undefined, atUs: Micros): void {
    // Of two changes in a row, the notification is of the later one that has begun.
    this.#changes
      .findLast((change) => change.concerns(method, uri) && change.isNotified(atUs))
      ?.notified(atUs);
  }

  /** Those that were made, with `startUs` as the start of the measured time. */
  counts(startUs: Micros): readonly ChangeCounts[] {
    this.#judge(Number.POSITIVE_INFINITY);
    return this.#changes.flatMap((change) => change.counts(startUs) ?? []);
  }

  #judge(beforeUs: Micros): void {
    let count = 0;
    for (const answer of this.#waiting) {
      if (answer.atUs >= beforeUs) break;
      count += 1;
      for (const change of this.#changes) if (change.concerns(answer.method, answer.uri)) change.take(answer);
    }
    this.#waiting.splice(0, count);
  }
}

class Change {
  readonly #planned: PlannedChange;
  readonly #version: number;
  begunUs: Micros | undefined;
  confirmedUs: Micros | undefined;
  #answered = 0;
  #old = 0;
  #lastOldUs: Micros | null = null;
  /** Latest versions of agents, before the change is confirmed. */
  #versions: AgentNumbers | undefined = new AgentNumbers(-1);
  #agents = 0;
  /** Agents that had an older version and have it still. */
  readonly #behind = new Set<number>();
  #lastAgentUs: Micros | null = null;
  readonly #steps = new Map<number, { old: number; current: number }>();
  readonly #fanOut = new Tally();

  constructor(planned: PlannedChange, version: number) {
    this.#planned = planned;
    this.#version = version;
  }

  concerns(method: CacheableMethod, uri: string | undefined): boolean {
    const { what, uri: changed } = this.#planned;
    return CONCERNED[what].includes(method) && (changed === undefined || uri === changed);
  }

  isNotified(atUs: Micros): boolean {
    return this.#planned.notify && this.begunUs !== undefined && atUs >= this.begunUs;
  }

  notified(atUs: Micros): void {
    this.#fanOut.record(clampTime(atUs - this.begunUs!));
  }

  /** From now on, what is older counts as such. All earlier answers have been taken. */
  confirm(atUs: Micros): void {
    this.confirmedUs = atUs;
    const versions = this.#versions!;
    for (let agent = 0; agent < versions.length; agent += 1) {
      const version = versions.get(agent);
      if (version >= 0 && version < this.#version) this.#behind.add(agent);
    }
    this.#agents = this.#behind.size;
    this.#versions = undefined;
  }

  take({ agent, version, atUs }: VersionedAnswer): void {
    const isOld = version < this.#version;
    this.#versions?.set(agent, version);
    if (this.begunUs !== undefined) this.#step(atUs - this.begunUs, isOld);
    if (this.confirmedUs === undefined || atUs < this.confirmedUs) return;
    const sinceUs = Math.round(atUs - this.confirmedUs);
    this.#answered += 1;
    if (isOld) {
      this.#old += 1;
      this.#lastOldUs = Math.max(sinceUs, this.#lastOldUs ?? 0);
    } else if (this.#behind.delete(agent)) this.#lastAgentUs = Math.max(sinceUs, this.#lastAgentUs ?? 0);
  }

  counts(startUs: Micros): ChangeCounts | undefined {
    const { begunUs, confirmedUs } = this;
    if (begunUs === undefined || confirmedUs === undefined) return undefined;
    const { event, what, notify } = this.#planned;
    return {
      version: this.#version,
      event,
      what,
      notify,
      atUs: Math.round(begunUs - startUs),
      confirmedUs: Math.round(confirmedUs - begunUs),
      answered: this.#answered,
      old: this.#old,
      lastOldUs: this.#lastOldUs,
      agents: this.#agents,
      reached: this.#agents - this.#behind.size,
      lastAgentUs: this.#lastAgentUs,
      steps: [...this.#steps].sort(([a], [b]) => a - b).map(([step, counts]) => ({ step, ...counts })),
      fanOut: this.#fanOut.series(),
    };
  }

  #step(sinceUs: Micros, isOld: boolean): void {
    if (sinceUs < -BEFORE || sinceUs >= MOST_AFTER) return;
    const step = Math.floor(sinceUs / STEP);
    let counts = this.#steps.get(step);
    if (counts === undefined) {
      counts = { old: 0, current: 0 };
      this.#steps.set(step, counts);
    }
    counts[isOld ? 'old' : 'current'] += 1;
  }
}
