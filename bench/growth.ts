/** @module Growth: what many agents and many kinds of calls cost the generator, in calls per second and in memory. */
import type { CallSettings } from '../src/profile/settings.ts';
import { SECOND } from '../src/units/time.ts';
import type { Context } from './context.ts';
import { type Goal, goalOf, ratioGoal } from './goal.ts';
import { CONNECTIONS, type Load, measure } from './load.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Arm, type Rounds, roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import { startSessions } from './target.ts';

const FEW = '100 agents';
const MANY = '100,000 agents';
const KINDS = '8,000 agents, 200 kinds of calls';
const MB = 1024 ** 2;

/** Measures calls per second and memory by the number of agents and of kinds of calls, in the era of sessions. */
export const growth: Section = {
  name: 'growth',
  title: 'Many agents and many kinds of calls',
  method: `The driver \`wire\` in a closed loop of ${CONNECTIONS} against a server of the era of sessions that gives every agent a session and refuses it a stream, on a core each. The agents open their sessions before the load; how long that takes, from the start of the load thread, is a figure of its own. Memory is the largest resident memory of the client, all threads included.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startSessions();
  try {
    const rounds = await runRounds(
      [
        armOf(FEW, target.url, { agents: 100 }),
        armOf(MANY, target.url, { agents: 100_000 }),
        armOf(KINDS, target.url, { agents: 8000, calls: kinds(200) }),
      ],
      context,
    );
    const perSecond = roundsOf(rounds, 'perSecond');
    return {
      tables: [
        {
          caption: `Era of sessions: median (min .. max) of ${perSecond.length} rounds`,
          head: ['load', 'calls/s', `x ${FEW}`, 'peak RSS, MB', 'sessions opened in, s'],
          rows: rounds.names.map((name) => [
            name,
            formatSpread(spreadIn(rounds, 'perSecond', name), 0),
            formatSpread(ratioOf(perSecond, name, FEW), 2),
            formatSpread(spreadIn(rounds, 'peakMb', name), 0),
            formatSpread(spreadIn(rounds, 'preparedS', name), 1),
          ]),
        },
      ],
      goals: [
        ratioGoal(perSecond, {
          what: `${MANY}, calls per second`,
          client: MANY,
          base: FEW,
          direction: 'at least',
          bound: 0.85,
        }),
        memoryGoal(rounds, MANY, 500),
        memoryGoal(rounds, KINDS, 300),
      ],
      notes: [],
      rounds: [rounds],
    };
  } finally {
    await target.stop();
  }
}

function armOf(name: string, url: string, load: Pick<Load, 'agents' | 'calls'>): Arm {
  return {
    name,
    of: 'paceline',
    async measure(seconds, build) {
      const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
      const measured = await measure({
        url,
        shape,
        seconds,
        build,
        driver: 'wire',
        era: 'sessions',
        ...load,
      });
      const { summary, peakRssBytes, preparedUs } = measured;
      const { due, ok } = summary.calls;
      return {
        failed: due - ok,
        perSecond: summary.rate.achievedPerSecond,
        peakMb: peakRssBytes / MB,
        ...(preparedUs !== undefined && { preparedS: preparedUs / SECOND }),
      };
    },
  };
}

/** Calls of one tool that differ in their arguments: each is a kind of its own. */
function kinds(count: number): readonly CallSettings[] {
  return Array.from({ length: count }, (_, kind) => ({
    name: `kind ${kind}`,
    method: 'tools/call',
    tool: 'echo',
    arguments: { text: `kind ${kind} {{seq}}` },
    weight: 1,
  }));
}

function memoryGoal(rounds: Rounds, name: string, mostMb: number): Goal {
  const bound = {
    what: `${name}, peak resident memory`,
    direction: 'below',
    bound: mostMb,
    unit: 'MB',
  } as const;
  return goalOf(bound, spreadIn(rounds, 'peakMb', name)?.median);
}
