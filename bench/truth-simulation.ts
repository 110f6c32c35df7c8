/** @module Simulates finite servers on a virtual clock: the real schedule, load loop, policies and queue, with service times instead of servers. */
import { policies } from '../src/balancer/policy/table.ts';
import type { Reply } from '../src/driver/driver.ts';
import { startLoop } from '../src/generator/engine/loop.ts';
import type { LoopOptions } from '../src/generator/engine/loop-options.ts';
import { createSchedule } from '../src/generator/schedule/schedule.ts';
import type { LoadSettings, PolicyName, ServiceTime } from '../src/profile/settings.ts';
import { Recorder } from '../src/recording/recorder.ts';
import type { Summary } from '../src/result/document.ts';
import { summarise } from '../src/result/summary/summarise.ts';
import { Queue } from '../src/server/queue.ts';
import { drawServiceTime } from '../src/server/service-time.ts';
import { type Random, randomAt } from '../src/units/random.ts';
import type { Micros } from '../src/units/time.ts';
import { VirtualClock } from '../src/units/virtual-clock.ts';

/** Instances with one slot each, and their load. */
export interface Simulation {
  /** The load of calls to the tool `work`. */
  readonly load: LoadSettings;
  readonly instances: number;
  readonly policy: PolicyName;
  readonly work: ServiceTime;
  readonly seed: number;
}

/** The summary of the calls. The same seed gives the same arrivals, service times and choices as real instances behind a real balancer. */
export async function simulate(simulation: Simulation): Promise<Summary> {
  const { load, seed } = simulation;
  const clock = new VirtualClock();
  const { warmupUs, durationUs } = load;
  const recorder = new Recorder({ calls: ['tools/call work'], startUs: warmupUs, durationUs });
  const loop = startLoop({
    schedule: createSchedule({ load, weights: [1], seed, worker: 0, workers: 1, resident: false }),
    agents: simulatedAgents(simulation, clock),
    recorder,
    clock,
    startUs: 0,
    endUs: warmupUs + durationUs,
    maxInFlight: load.maxInFlight,
  });
  // Far longer than the queues need to drain, because the utilisation is below 1.
  clock.advance(2 * (warmupUs + durationUs));
  await loop.finished;
  return summarise(recorder.close({ endUs: clock.now() }));
}

/** The state of an instance for a policy, with its queue and its service times. */
interface SimulatedInstance {
  readonly id: string;
  readonly live: true;
  inFlight: number;
  readonly queue: Queue;
  readonly random: Random;
}

const PRESENT = { destroyed: false };

const REQUEST = {
  method: 'POST',
  sessionId: undefined,
  mcpMethod: 'tools/call',
  mcpName: 'work',
  authorization: undefined,
  clientAddress: '127.0.0.1',
};

/** Written out in full: a spread of a constant with three more keys takes five times as long as the rest of a call. */
function replyOf(servedBy: string, sentUs: Micros, doneUs: Micros): Reply {
  return {
    outcome: 'ok',
    detail: undefined,
    status: 200,
    sentUs,
    firstByteUs: doneUs,
    doneUs,
    servedBy,
    sessionId: undefined,
    serverTiming: undefined,
    body: undefined,
  };
}

/** Agents whose calls go directly from the policy to the queue of an instance. */
function simulatedAgents(
  { instances, policy, work, seed }: Simulation,
  clock: VirtualClock,
): LoopOptions['agents'] {
  const fleet = Array.from({ length: instances }, (_, index): SimulatedInstance => {
    const random = randomAt(seed, 'service', index);
    return { id: String(index + 1), live: true, inFlight: 0, queue: new Queue(1), random };
  });
  const { choose } = policies[policy](fleet, seed);
  const agent: ReturnType<LoopOptions['agents']['of']> = {
    call(_, onEnd) {
      const sentUs = clock.now();
      const instance = fleet[choose(REQUEST)]!;
      instance.inFlight += 1;
      instance.queue.enter(PRESENT, () => {
        clock.at(clock.now() + drawServiceTime(work, instance.random), () => {
          const doneUs = clock.now();
          instance.inFlight -= 1;
          onEnd(replyOf(instance.id, sentUs, doneUs));
          instance.queue.release();
        });
      });
      return undefined;
    },
  };
  return { of: () => agent };
}
