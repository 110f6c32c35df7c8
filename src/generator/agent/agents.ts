/** @module All agents of one worker, one kind per era. */
import { sessionCall } from '../../protocol/sessions.ts';
import { SessionTally, sessions } from '../../recording/measure/sessions.ts';
import type { Agent, AgentOptions, Agents } from './agent.ts';
import { compileCalls } from './call-text.ts';
import { SessionsAgent } from './sessions.ts';
import { statelessAgent } from './stateless.ts';

/** How many agents open or close at the same time: a fleet should not be stormed before the load begins. */
const AT_ONCE = 16;

/** The agents of one worker. */
export function createAgents(options: AgentOptions): Agents {
  const text = compileCalls(options.calls, options.seed);
  if (options.era === 'stateless') {
    // Agents of this era differ in nothing that is sent, so one object stands for all.
    const only = statelessAgent(options, text);
    return {
      of: () => only,
      open: async () => undefined,
      close: async () => undefined,
    };
  }
  const tally = options.tallies?.of(sessions) ?? new SessionTally();
  const encoders = options.calls.map((call) => sessionCall(call, options.headers));
  const agents = new Map<number, Agent>();
  const of = (index: number): Agent => {
    let agent = agents.get(index);
    if (agent === undefined) {
      agent = new SessionsAgent(index, options, text, encoders, tally);
      agents.set(index, agent);
    }
    return agent;
  };
  return {
    of,
    open: (indexes) => boundedly(indexes, (index) => of(index).open()),
    close: () => boundedly([...agents.values()], (agent) => agent.close()),
  };
}

/** Does `work` for every item, at most {@link AT_ONCE} at a time. */
async function boundedly<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
