/** @module Authorization: what the check of a call took by its own account, whether it decided right, and what followed changes of rights. */
import { answered, OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import type { Micros } from '../../units/time.ts';
import { OTHER } from '../details.ts';
import { clampTime, type Series, Tally } from '../histogram.ts';
import type { Sample } from '../sample.ts';
import type { AuthCounts, TokenUse } from './auth-counts.ts';
import { type Expected, identityByAgent, type JudgedLoad } from './auth-load.ts';
import { mergeAuth, mergeCells } from './auth-merge.ts';
import { Decisions } from './decisions.ts';
import type { Measure, MeasureTally } from './measure.ts';
import { newCall, VALIDITY } from './recent-calls.ts';
import { StageTimes } from './stage-times.ts';
import { TokenExpiry } from './token-expiry.ts';
import { TokenUses } from './token-uses.ts';

/** The decision that an outcome shows, as an index into `DECISIONS`; -1: none, because there was no answer. */
const DECIDED = Object.fromEntries(
  OUTCOMES.map((outcome) => [
    outcome,
    outcome === 'unauthorized' ? 1 : outcome === 'forbidden' ? 2 : showsPassage(outcome) ? 0 : -1,
  ]),
) as Readonly<Record<Outcome, number>>;

/** An HTTP error says nothing of a decision: a balancer without an instance, or a check that cannot reach what it asks. */
function showsPassage(outcome: Outcome): boolean {
  return (
    answered(outcome) && outcome !== 'http-error' && outcome !== 'malformed' && outcome !== 'session-lost'
  );
}

/** The mode of a load on servers that are not built in, and how long these may accept it, because clocks differ (RFC 7519, section 4.1.4). */
const TARGET = 'target';
const TARGET_LEEWAY: Micros = 60e6;
/** How long a token that has expired may be accepted: its lifetime is in whole seconds, and not every token states its end. */
const LEEWAY: Micros = 1e6;

/** Instances told apart; further names share {@link OTHER}. */
const MOST_INSTANCES = 254;

/** The counts of one worker. The agents' layers and the changes of the load write to it, beside the calls. */
export class AuthTally implements MeasureTally<AuthCounts> {
  readonly uses: TokenUses;
  readonly #load: JudgedLoad;
  readonly #first: boolean;
  readonly #identityOf: Uint16Array;
  readonly #decisions: Decisions;
  readonly #stages: StageTimes;
  readonly #instances = new Map<string, number>();
  readonly #byUse: Readonly<Record<TokenUse, Tally>>;
  /** By the kind of refusal. */
  readonly #refusals = new Map<string, Tally>();
  /** By identity; `undefined`: its tokens are good. */
  readonly #refusalOf: readonly (Tally | undefined)[];
  readonly #expiry: TokenExpiry;
  readonly #leewayUs: Micros;
  readonly #call = newCall();
  #startUs: Micros = 0;

  /** @param first - of several workers, the one that counts what all of them know. */
  constructor(load: JudgedLoad, calls: readonly string[], first: boolean) {
    this.#load = load;
    this.#first = first;
    this.#identityOf = identityByAgent(load.identities);
    this.uses = new TokenUses(this.#identityOf.length);
    this.#leewayUs = Math.max(load.graceUs, load.mode === TARGET ? TARGET_LEEWAY : LEEWAY);
    this.#decisions = new Decisions(load, calls);
    this.#stages = new StageTimes(load.timing);
    this.#byUse = { first: new Tally(), early: new Tally(), later: new Tally() };
    this.#refusalOf = load.identities.map(({ refusal }) =>
      refusal === undefined ? undefined : this.#tallyOf(refusal),
    );
    this.#expiry = new TokenExpiry(this.#identityOf.length);
  }

  /** The measured time begins at `startUs`. */
  begin(startUs: Micros): void {
    this.#startUs = startUs;
  }

  /** From `sinceUs` on, `agents` send tokens that expire at these times; null: it does not matter. */
  expire(agents: readonly number[], expiresUs: readonly (Micros | null)[], sinceUs: Micros): void {
    this.#expiry.set(agents, expiresUs, sinceUs);
  }

  /** A change of rights of `agents` begins: until it is confirmed, their calls are right either way. */
  begun(event: number, agents: readonly number[], atUs: Micros): void {
    this.#decisions.begun(event, agents, atUs);
  }

  /** From `atUs` on, calls of `agents` should get `expected`, by the index of a call in the mix. */
  confirmed(event: number, agents: readonly number[], expected: readonly Expected[], atUs: Micros): void {
    this.#decisions.confirmed(event, agents, expected, atUs);
  }

  add(sample: Sample): void {
    // No check has seen what a cache gave.
    if (sample.cached === true) return;
    const decision = DECIDED[sample.outcome];
    const { agent = 0, seq = 0, sentUs, doneUs } = sample;
    const use = this.#load.perCall ? 'first' : this.uses.take(seq);
    const identity = this.#identityOf[agent];
    // A stolen handle is refused whatever the rights of the caller: that says nothing of the decision about them.
    if (sample.stolen === true && sample.outcome === 'forbidden') return;
    if (decision < 0 || identity === undefined) return;
    const refused = this.#refusalOf[identity];
    const serviceUs = clampTime(doneUs - sentUs);
    if (decision === 0) {
      this.#stages.add(sample.serverTiming);
      if (refused === undefined) this.#byUse[use].record(serviceUs);
    } else refused?.record(serviceUs);
    const call = this.#call;
    call.agent = agent;
    call.call = sample.call;
    call.decision = decision;
    call.instance = this.#instanceOf(sample.servedBy ?? '');
    call.validity = this.#validityOf(agent, sentUs, doneUs);
    call.sentUs = sentUs;
    call.doneUs = doneUs;
    this.#decisions.add(call);
  }

  counts(): AuthCounts {
    const { cells, events, ...decided } = this.#decisions.counts(this.#startUs, [...this.#instances.keys()]);
    return {
      mode: this.#load.mode,
      ...this.#stages.counts(),
      byUse: seriesOf(Object.entries(this.#byUse)) as Readonly<Record<TokenUse, Series>>,
      refusals: seriesOf([...this.#refusals]),
      cells: mergeCells(cells),
      // Every worker knows all agents of a change: they count once.
      events: this.#first ? events : events.map((event) => ({ ...event, agents: 0 })),
      ...decided,
    };
  }

  #tallyOf(refusal: string): Tally {
    const tally = this.#refusals.get(refusal) ?? new Tally();
    this.#refusals.set(refusal, tally);
    return tally;
  }

  #validityOf(agent: number, sentUs: Micros, doneUs: Micros): number {
    const expiresUs = this.#expiry.of(agent, sentUs);
    if (doneUs < expiresUs) return VALIDITY.valid;
    return sentUs < expiresUs + this.#leewayUs ? VALIDITY.expiring : VALIDITY.expired;
  }

  #instanceOf(name: string): number {
    const known = this.#instances.get(name);
    if (known !== undefined) return known;
    const counted = this.#instances.size < MOST_INSTANCES ? name : OTHER;
    const number = this.#instances.get(counted) ?? this.#instances.size;
    this.#instances.set(counted, number);
    return number;
  }
}

const seriesOf = (tallies: readonly (readonly [string, Tally])[]): Readonly<Record<string, Series>> =>
  Object.fromEntries(tallies.map(([name, tally]) => [name, tally.series()]));

export const auth: Measure<AuthCounts, AuthTally> = {
  name: 'auth',
  start: ({ auth, calls = [], worker = 0 }) =>
    auth &&
    new AuthTally(
      auth,
      calls.map(({ name }) => name),
      worker === 0,
    ),
  merge: mergeAuth,
};
