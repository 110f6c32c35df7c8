/** @module Growth: what many agents and many kinds of calls cost the generator, in calls per second and in memory. */
import type { CallSettings } from '../src/profile/settings.ts';
import { CONNECTIONS, type Load, measure } from './load.ts';
import { formatSpread, orderOf, type Round, ratioOf, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import { startSessions } from './target.ts';

const FEW = '100 agents';
const MANY = '100,000 agents';
const KINDS = '8,000 agents, 200 kinds of calls';
const BEFORE = ', before';
const MB = 1024 ** 2;
/** The goals: calls per second of many agents relative to few, and resident memory in MB. */
const GOALS = { rate: 0.85, manyMb: 500, kindsMb: 300 } as const;

/** Measures calls per second and memory by the number of agents and of kinds of calls, in the era of sessions. */
export const growth: Section = {
  name: 'growth',
  title: 'Many agents and many kinds of calls',
  method: `The driver \`wire\` in a closed loop of ${CONNECTIONS} against a server of the era of sessions that gives every agent a session and refuses it a stream, on a core each. The agents open their sessions before the load. Memory is the largest resident memory of the client, all threads included. With \`--before FOLDER\`, the \`.bench\` folder of another checkout, that build runs the same loads in the same rounds.`,
  run,
};

interface Arm {
  readonly name: string;
  readonly load: Pick<Load, 'agents' | 'calls' | 'build'>;
}

async function run({ effort, before, say }: Context): Promise<Outcome> {
  const target = await startSessions();
  const arms = armsOf(before);
  const rounds: Round[] = [];
  const memory: Round[] = [];
  const failures: string[] = [];
  try {
    for (let index = 0; index < effort.rounds; index += 1) {
      const round: Record<string, number> = {};
      const bytes: Record<string, number> = {};
      for (const { name, load } of orderOf(arms, index)) {
        say(`round ${index + 1}/${effort.rounds}: ${name}`);
        const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
        const { seconds } = effort;
        const { summary, peakRssBytes } = await measure({
          url: target.url,
          shape,
          seconds,
          driver: 'wire',
          era: 'sessions',
          ...load,
        });
        const { due, ok } = summary.calls;
        if (ok < due)
          failures.push(`round ${index + 1}: ${due - ok} calls of ${name} failed, so it is left out.`);
        else {
          round[name] = summary.rate.achievedPerSecond;
          bytes[name] = peakRssBytes;
        }
      }
      rounds.push(round);
      memory.push(bytes);
    }
  } finally {
    await target.stop();
  }
  return {
    tables: [
      {
        caption: `Era of sessions: median (min .. max) of ${effort.rounds} rounds`,
        head: ['load', 'calls/s', `x ${FEW}`, 'peak RSS, MB'],
        rows: arms.map(({ name }) => [
          name,
          formatSpread(spreadIn(rounds, name), 0),
          formatSpread(ratioOf(rounds, name, name.endsWith(BEFORE) ? FEW + BEFORE : FEW), 2),
          formatSpread(spreadIn(memory, name, MB), 0),
        ]),
      },
    ],
    notes: [...rateNote(rounds), ...memoryNotes(memory), ...failures],
    data: { rounds, memory },
  };
}

function armsOf(before: string | undefined): readonly Arm[] {
  const loads: readonly Arm[] = [
    { name: FEW, load: { agents: 100 } },
    { name: MANY, load: { agents: 100_000 } },
    { name: KINDS, load: { agents: 8000, calls: kinds(200) } },
  ];
  if (before === undefined) return loads;
  const earlier = loads.map(({ name, load }) => ({ name: name + BEFORE, load: { ...load, build: before } }));
  return [...loads, ...earlier];
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

const spreadIn = (rounds: readonly Round[], name: string, unit = 1): ReturnType<typeof spreadOf> =>
  spreadOf(rounds.flatMap((round) => (round[name] === undefined ? [] : round[name] / unit)));

function rateNote(rounds: readonly Round[]): readonly string[] {
  const ratio = ratioOf(rounds, MANY, FEW);
  if (ratio === undefined) return [];
  const verdict = ratio.median >= GOALS.rate ? 'reached' : 'MISSED';
  return [
    `${MANY} make ${ratio.median.toFixed(2)} x the calls per second of ${FEW}; the goal of at least ${GOALS.rate} is ${verdict}.`,
  ];
}

function memoryNotes(memory: readonly Round[]): readonly string[] {
  const limits = [
    [MANY, GOALS.manyMb],
    [KINDS, GOALS.kindsMb],
  ] as const;
  return limits.flatMap(([name, mostMb]) => {
    const used = spreadIn(memory, name, MB);
    if (used === undefined) return [];
    const verdict = used.median < mostMb ? 'reached' : 'MISSED';
    return [`${name} take ${used.median.toFixed(0)} MB; the goal of less than ${mostMb} is ${verdict}.`];
  });
}
