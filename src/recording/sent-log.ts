/** @module What became of each call of a load, by its number: kept, where agents have credentials, to be compared with the audit logs of instances. Two bytes a call. */

import { answered, type Outcome } from '../protocol/outcome.ts';
import { OTHER } from './details.ts';

/** What is known of a call. */
export const SENT = {
  /** Never sent: dropped, or not of this log. */
  none: 0,
  /** Answered, and neither with 401 nor with 403. */
  allowed: 1,
  unauthorized: 2,
  forbidden: 3,
  /** Sent, and not answered: it may have been executed or not. */
  unanswered: 4,
} as const;

/** The calls of a load, warm-up included. The index is the number of a call: its JSON-RPC id, from which its trace context follows. */
export interface SentLog {
  /** A value of {@link SENT} for each call. */
  readonly outcomes: Uint8Array<ArrayBuffer>;
  /** For each call one more than the index in `names` of the instance that answered; 0: unknown. */
  readonly instances: Uint8Array<ArrayBuffer>;
  /** At most 254. */
  readonly names: readonly string[];
}

const FIRST_CAPACITY = 4096;
/** Instances told apart; further names share {@link OTHER}. */
const MOST_NAMES = 254;

/** Fills the log of one worker. */
export class SentLogWriter {
  #outcomes = new Uint8Array(FIRST_CAPACITY);
  #instances = new Uint8Array(FIRST_CAPACITY);
  /** One more than the index, by name. */
  readonly #names = new Map<string, number>();
  #length = 0;

  /** Call `seq` was sent and has ended, answered by `instance` if that is known. */
  ended(seq: number, outcome: Outcome, instance: string | undefined): void {
    const value = sentAs(outcome);
    if (value === SENT.none) return;
    if (seq >= this.#outcomes.length) this.#grow(seq);
    if (seq >= this.#length) this.#length = seq + 1;
    this.#outcomes[seq] = value;
    if (instance !== undefined) this.#instances[seq] = numberIn(this.#names, instance);
  }

  /** The log so far. */
  log(): SentLog {
    return {
      outcomes: this.#outcomes.slice(0, this.#length),
      instances: this.#instances.slice(0, this.#length),
      names: [...this.#names.keys()],
    };
  }

  #grow(seq: number): void {
    const size = Math.max(seq + 1, this.#outcomes.length * 2);
    this.#outcomes = resized(this.#outcomes, size);
    this.#instances = resized(this.#instances, size);
  }
}

/** The logs of workers, each of other calls, as one. At least one. */
export function mergeSentLogs(logs: readonly SentLog[]): SentLog {
  const [only] = logs;
  if (only !== undefined && logs.length === 1) return only;
  const size = Math.max(...logs.map(({ outcomes }) => outcomes.length));
  const outcomes = new Uint8Array(size);
  const instances = new Uint8Array(size);
  const numbers = new Map<string, number>();
  for (const log of logs) {
    const numberOf = [0, ...log.names.map((name) => numberIn(numbers, name))];
    for (let seq = 0; seq < log.outcomes.length; seq += 1) {
      if (log.outcomes[seq] === SENT.none) continue;
      outcomes[seq] = log.outcomes[seq]!;
      instances[seq] = numberOf[log.instances[seq]!]!;
    }
  }
  return { outcomes, instances, names: [...numbers.keys()] };
}

function sentAs(outcome: Outcome): number {
  if (outcome === 'unauthorized') return SENT.unauthorized;
  if (outcome === 'forbidden') return SENT.forbidden;
  if (answered(outcome)) return SENT.allowed;
  // Without a connection nothing was sent.
  return outcome === 'refused' || outcome === 'tls-error' ? SENT.none : SENT.unanswered;
}

/** The number of `name`, from 1 on: the next one if it is new. */
function numberIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const counted = numbers.size < MOST_NAMES - 1 ? name : OTHER;
  const number = numbers.get(counted) ?? numbers.size + 1;
  numbers.set(counted, number);
  return number;
}

function resized(array: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(array);
  return larger;
}
