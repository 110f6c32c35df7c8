/** @module All agents of one worker. */
import type { Driver } from '../../driver/driver.ts';
import type { Micros } from '../../units/time.ts';
import { Agent } from './agent.ts';
import type { Caller } from './caller.ts';
import { compileCalls } from './calls.ts';
import type { DataValues } from './data-values.ts';
import { DriverCaller } from './driver-caller.ts';
import { encodersOf } from './encoders.ts';
import { type LayersOf, type LayersOptions, layersOf } from './layers.ts';
import type { ReplayedValues } from './replayed-values.ts';

/** How many agents open or close at the same time at least, and at most as a share of all: so that a fleet is not flooded before the load begins, and very many agents are not opened one after the other. */
const AT_ONCE = 16;
const SHARE_AT_ONCE = 0.001;

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
export interface AgentOptions extends LayersOptions {
  readonly driver: Driver;
  /** Rows that calls refer to. Absent: none. */
  readonly data?: DataValues | undefined;
  /** The values between calls of a replay. Absent: the load is none. */
  readonly replayed?: ReplayedValues | undefined;
  /** Calls due before this time are warm-up: they count as no owner hits, and the sessions they open not as handshakes of the load. */
  readonly measureFromUs: Micros;
  /** Connections that the load begins with: no more agents open or close at the same time, so that these do not make the pool grow. Absent: {@link AT_ONCE}. */
  readonly connections?: number;
}

/** The agents of one worker. `layers`: those of each agent; those that `options` ask for when absent. */
export function createAgents(options: AgentOptions, layers: LayersOf = layersOf(options)): Agents {
  const calls = compileCalls({ ...options, encoderOf: encodersOf(options) });
  const driver: Caller = new DriverCaller(options.driver);
  const agents: (Agent | undefined)[] = [];
  const { connections = AT_ONCE } = options;
  const atOnce = (count: number): number =>
    Math.min(connections, Math.max(AT_ONCE, Math.ceil(SHARE_AT_ONCE * count)));
  const of = (index: number): Agent => {
    const known = agents[index];
    if (known !== undefined) return known;
    // Without holes: an array that is written far behind its end becomes a table with keys.
    while (agents.length < index) agents.push(undefined);
    const caller = layers(index).reduce((next, layer) => layer(next), driver);
    const agent = new Agent(caller, calls);
    agents[index] = agent;
    return agent;
  };
  return {
    of,
    open: (indexes) => boundedly(atOnce(indexes.length), indexes, (index) => of(index).open()),
    close: () => boundedly(atOnce(agents.length), agents, async (agent) => agent?.close()),
  };
}

/** Does `work` for every item, at most `atOnce` at a time. */
async function boundedly<Item>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
