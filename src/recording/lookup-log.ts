/** @module Every call of a load whose result can be kept, in the order in which they were made: kept to be replayed through caches with other lifetimes. Twelve bytes a call. */
import type { Micros } from '../units/time.ts';
import { OTHER } from './details.ts';

/** The lookups of one worker or of a whole load, warm-up included. */
export interface LookupLog {
  /** When each was made, from the start of the measured time (negative in the warm-up), in units of 10 us. */
  readonly at10Us: Int32Array<ArrayBuffer>;
  readonly agents: Uint32Array<ArrayBuffer>;
  /** What was asked for, as an index into {@link names}. */
  readonly keys: Uint16Array<ArrayBuffer>;
  /** `tools/list`, `resources/read paceline://resource/1`: method and, where there is one, its parameter. Each page of a list has its own. */
  readonly names: readonly string[];
  /** Index of the first lookup of the measured time. */
  readonly measuredFrom: number;
}

const FIRST_CAPACITY = 4096;
/** Keys told apart; further ones share {@link OTHER}. */
const MOST_NAMES = 65_535;
/** A unit of {@link LookupLog.at10Us}. */
const UNIT: Micros = 10;

/** Fills the log of one worker. */
export class LookupLogWriter {
  #at10Us = new Int32Array(FIRST_CAPACITY);
  #agents = new Uint32Array(FIRST_CAPACITY);
  #keys = new Uint16Array(FIRST_CAPACITY);
  readonly #names = new Map<string, number>();
  #startUs: Micros = 0;
  #length = 0;

  /** The measured time begins at `startUs`; called before the first lookup. */
  begin(startUs: Micros): void {
    this.#startUs = startUs;
  }

  /** `agent` asked for `name` at `atUs`, which is not before the lookup added last. */
  add(agent: number, name: string, atUs: Micros): void {
    if (this.#length === this.#at10Us.length) this.#grow();
    this.#at10Us[this.#length] = Math.floor((atUs - this.#startUs) / UNIT);
    this.#agents[this.#length] = agent;
    this.#keys[this.#length] = numberIn(this.#names, name);
    this.#length += 1;
  }

  /** The log so far. */
  log(): LookupLog {
    return logOf({
      at10Us: this.#at10Us.slice(0, this.#length),
      agents: this.#agents.slice(0, this.#length),
      keys: this.#keys.slice(0, this.#length),
      names: [...this.#names.keys()],
    });
  }

  #grow(): void {
    const size = this.#length * 2;
    const [at10Us, agents, keys] = [new Int32Array(size), new Uint32Array(size), new Uint16Array(size)];
    at10Us.set(this.#at10Us);
    agents.set(this.#agents);
    keys.set(this.#keys);
    this.#at10Us = at10Us;
    this.#agents = agents;
    this.#keys = keys;
  }
}

/** The logs of workers as one, in the order of time. At least one. */
export function mergeLookupLogs(logs: readonly LookupLog[]): LookupLog {
  const [only] = logs;
  if (only !== undefined && logs.length === 1) return only;
  const size = logs.reduce((sum, { keys }) => sum + keys.length, 0);
  const [at10Us, agents, keys] = [new Int32Array(size), new Uint32Array(size), new Uint16Array(size)];
  const numbers = new Map<string, number>();
  const numberOf = logs.map(({ names }) => names.map((name) => numberIn(numbers, name)));
  const next = logs.map(() => 0);
  for (let i = 0; i < size; i += 1) {
    const from = earliest(logs, next);
    const log = logs[from]!;
    const place = next[from]!;
    at10Us[i] = log.at10Us[place]!;
    agents[i] = log.agents[place]!;
    keys[i] = numberOf[from]![log.keys[place]!]!;
    next[from] = place + 1;
  }
  return logOf({ at10Us, agents, keys, names: [...numbers.keys()] });
}

/** The log whose next lookup is the earliest; of equals the first. */
function earliest(logs: readonly LookupLog[], next: readonly number[]): number {
  let first = -1;
  let at = Number.POSITIVE_INFINITY;
  for (let i = 0; i < logs.length; i += 1) {
    const time = logs[i]!.at10Us[next[i]!];
    if (time !== undefined && time < at) {
      first = i;
      at = time;
    }
  }
  return first;
}

function logOf(log: Omit<LookupLog, 'measuredFrom'>): LookupLog {
  const first = log.at10Us.findIndex((at) => at >= 0);
  return { ...log, measuredFrom: first === -1 ? log.at10Us.length : first };
}

/** The number of `name`: the next one if it is new. */
function numberIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const counted = numbers.size < MOST_NAMES ? name : OTHER;
  const number = numbers.get(counted) ?? numbers.size;
  numbers.set(counted, number);
  return number;
}
