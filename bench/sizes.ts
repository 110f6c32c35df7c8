/** @module Large messages: what arguments of a megabyte and answers of 400 kB cost the generator. */
import type { CallSettings } from '../src/profile/settings.ts';
import { beforeName } from './build.ts';
import type { Context } from './context.ts';
import { type Goal, goalOf, ratioGoal } from './goal.ts';
import { armsAt, type BenchClient } from './other-clients.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Arm, type Rounds, roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho, startTransports, type Target } from './target.ts';
import { ours } from './throughput.ts';

/** Few, because a connection may have a megabyte on its way. */
const CONCURRENCY = 4;
const ARGUMENT_BYTES = [10_000, 100_000, 1_000_000] as const;
const ANSWER_BYTES = [4000, 40_000, 400_000] as const;
const RANDOM_CHARACTERS = 100_000;
/** Measures calls per second and CPU time per call by the size of arguments and of answers. */
export const sizes: Section = {
  name: 'sizes',
  title: 'Large arguments and answers',
  method: `The driver \`wire\` in a closed loop of ${CONCURRENCY} on one core. Arguments go to the null responder: a constant text, and a text of random characters that is drawn anew for every call. Answers come from nginx: one text each, as large as named.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const asked = [
    ...ARGUMENT_BYTES.map((bytes) => ({ name: argumentsOf(bytes), call: callWith('x'.repeat(bytes)) })),
    { name: RANDOM, call: callWith(`{{randomString ${RANDOM_CHARACTERS}}}`) },
  ];
  const requests = await measured(startEcho, asked, context);
  const answered = ANSWER_BYTES.map((bytes) => ({
    name: answersOf(bytes),
    call: callWith('hello'),
    path: `/sized/${bytes}.json`,
  }));
  const answers = await measured(() => startTransports(undefined, ANSWER_BYTES), answered, context);
  return {
    tables: [tableOf('Arguments', requests), tableOf('Answers', answers)],
    goals: [argumentsGoal(requests), answersGoal(answers)],
    notes: [],
    rounds: [requests, answers],
  };
}

const argumentsOf = (bytes: number): string => `arguments of ${bytes} bytes`;
const answersOf = (bytes: number): string => `answers of ${bytes} bytes`;
const RANDOM = `${RANDOM_CHARACTERS} random characters`;

function callWith(text: string): CallSettings {
  return { name: 'tools/call echo', method: 'tools/call', tool: 'echo', arguments: { text }, weight: 1 };
}

interface Size {
  readonly name: string;
  readonly call: CallSettings;
  readonly path?: string;
}

async function measured(
  start: () => Promise<Target>,
  all: readonly Size[],
  context: Context,
): Promise<Rounds> {
  const target = await start();
  try {
    return await runRounds(armsOf(all, target), context);
  } finally {
    await target.stop();
  }
}

function armsOf(all: readonly Size[], { url, echoesIds }: Target): readonly Arm[] {
  return all.flatMap(({ name, call, path }) => {
    const client: BenchClient = ours(name, {
      driver: 'wire',
      checkIds: echoesIds,
      connections: CONCURRENCY,
      concurrency: CONCURRENCY,
      call,
    });
    return armsAt(path === undefined ? url : new URL(path, url).href, [client]);
  });
}

function tableOf(caption: string, rounds: Rounds): Table {
  return {
    caption: `${caption}: median (min .. max) of ${roundsOf(rounds, 'perSecond').length} rounds`,
    head: ['load', 'calls/s', 'CPU us/call'],
    rows: rounds.names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'perSecond', name), 0),
      formatSpread(spreadIn(rounds, 'cpuUs', name), 1),
    ]),
  };
}

function argumentsGoal(requests: Rounds): Goal {
  const name = argumentsOf(ARGUMENT_BYTES[2]);
  const ratio = ratioOf(roundsOf(requests, 'perSecond'), name, beforeName(name));
  return goalOf(
    { what: `${name}, calls per second`, direction: 'at least', bound: 2, unit: 'x the build before' },
    ratio?.median,
  );
}

function answersGoal(answers: Rounds): Goal {
  const [, tenth, whole] = ANSWER_BYTES;
  return ratioGoal(roundsOf(answers, 'cpuUs'), {
    what: `${answersOf(whole)}, CPU time per call`,
    client: answersOf(whole),
    base: answersOf(tenth),
    direction: 'at most',
    bound: 12,
  });
}
