/** @module Decisions of a check against what every call should get, while rights change. */
import type { Micros } from '../../units/time.ts';
import type { AuthCounts } from './auth-counts.ts';
import { type Expected, identityByAgent, type JudgedLoad } from './auth-load.ts';
import { DecisionCells } from './decision-cells.ts';
import { DECISIONS, type DecidedCall, newCall, RecentCalls, VALIDITY } from './recent-calls.ts';
import { RightsChange } from './rights-change.ts';

/**
 * How long calls wait to be judged where rights may change: longer than a message about a change takes to arrive, and than calls are
 * counted before a change.
 */
const HOLD: Micros = 2e6;

/** The decisions of one worker. A call is judged by what was right at the time when it was sent. */
export class Decisions {
  readonly #load: JudgedLoad;
  readonly #identityOf: Uint16Array;
  readonly #cells: DecisionCells;
  readonly #recent: RecentCalls | undefined;
  readonly #changes: RightsChange[] = [];
  /** Those that concern an agent, in their order. */
  readonly #changesOf = new Map<number, RightsChange[]>();
  readonly #judged: DecidedCall = newCall();
  #expiredInUse = 0;
  #unjudged = 0;

  /** @param calls - names of the mix, by index. */
  constructor(load: JudgedLoad, calls: readonly string[]) {
    this.#load = load;
    this.#identityOf = identityByAgent(load.identities);
    this.#cells = new DecisionCells(load, calls);
    this.#recent = load.events.length === 0 ? undefined : new RecentCalls();
  }

  /** Takes in a call that has been decided; `call` is reused by the caller. */
  add(call: DecidedCall): void {
    if (this.#recent === undefined) {
      this.#judge(call);
      return;
    }
    this.#recent.push(call);
    const judged = this.#judged;
    while (this.#recent.shift(call.doneUs - HOLD, judged)) this.#judge(judged);
  }

  begun(event: number, agents: readonly number[], atUs: Micros): void {
    const change = new RightsChange(event, atUs);
    this.#changes.push(change);
    for (const agent of agents) {
      const changes = this.#changesOf.get(agent);
      if (changes === undefined) this.#changesOf.set(agent, [change]);
      else changes.push(change);
    }
  }

  confirmed(event: number, agents: readonly number[], expected: readonly Expected[], atUs: Micros): void {
    const change = this.#changes.find((each) => each.event === event);
    const agent = agents[0];
    if (change === undefined || agent === undefined) return;
    const before = this.#expectedBefore(agent, change);
    const lost = expected.map((each, call) => each !== 'allow' && before[call] === 'allow');
    change.confirmed = { atUs, expected, lost, takes: lost.includes(true), agents: agents.length };
    for (const call of change.waiting.splice(0)) this.#judge(call);
  }

  /** The counts so far; all calls are judged by what is known now. `instances` has their names, `startUs` is the start of the measured time. */
  counts(
    startUs: Micros,
    instances: readonly string[],
  ): Required<Pick<AuthCounts, 'cells' | 'events' | 'expiredInUse' | 'unjudged'>> {
    const judged = this.#judged;
    while (this.#recent?.shift(Number.POSITIVE_INFINITY, judged)) this.#judge(judged);
    const waiting = this.#changes.reduce((sum, change) => sum + change.waiting.length, 0);
    return {
      cells: this.#cells.counts(instances),
      events: this.#changes.flatMap(
        (change) => change.counts(this.#load.events[change.event]!, startUs, instances) ?? [],
      ),
      expiredInUse: this.#expiredInUse,
      unjudged: this.#unjudged + waiting,
    };
  }

  #judge(call: DecidedCall): void {
    const identity = this.#identityOf[call.agent];
    if (identity === undefined) return;
    const changes = this.#changesOf.get(call.agent);
    if (changes === undefined) {
      this.#compare(call, identity, -1, this.#load.identities[identity]!.expected);
      return;
    }
    const open = changes.find((change) => change.confirmed === undefined && change.concerns(call.sentUs));
    if (open !== undefined) {
      open.waiting.push({ ...call });
      return;
    }
    // Rights that changed before the answer may have changed before the decision.
    const governing = changes.findLast((change) => change.begunUs <= call.doneUs);
    for (const change of changes) change.count(call, change === governing);
    this.#judgeChanged(call, identity, governing);
  }

  #judgeChanged(call: DecidedCall, identity: number, change: RightsChange | undefined): void {
    const confirmed = change?.confirmed;
    if (change === undefined || confirmed === undefined) {
      this.#compare(call, identity, -1, this.#load.identities[identity]!.expected);
    } else if (call.sentUs < confirmed.atUs + this.#load.graceUs) this.#unjudged += 1;
    else this.#compare(call, identity, change.event, confirmed.expected);
  }

  #compare(call: DecidedCall, identity: number, event: number, expectations: readonly Expected[]): void {
    const expected = expectations[call.call];
    if (expected === undefined) return;
    if (expected !== 'allow' || call.validity === VALIDITY.valid) {
      this.#cells.add(call, identity, event, expected);
      return;
    }
    if (DECISIONS[call.decision] === 'unauthorized') this.#expiredInUse += 1;
    if (call.validity === VALIDITY.expired) this.#cells.add(call, identity, event, 'unauthorized');
    else this.#unjudged += 1;
  }

  #expectedBefore(agent: number, change: RightsChange): readonly Expected[] {
    const earlier = (this.#changesOf.get(agent) ?? []).findLast(
      (each) => each !== change && each.begunUs <= change.begunUs && each.confirmed !== undefined,
    );
    return earlier?.confirmed?.expected ?? this.#load.identities[this.#identityOf[agent]!]?.expected ?? [];
  }
}
