/** @module Large messages: what arguments of a megabyte and answers of 400 kB cost the generator. */
import type { CallSettings } from '../src/profile/settings.ts';
import type { BenchClient } from './other-clients.ts';
import { formatSpread, type Round, ratioOf, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho, startTransports, type Target } from './target.ts';
import { ours, type Rounds, runRounds } from './throughput.ts';

/** Few, because a connection may have a megabyte on its way. */
const CONCURRENCY = 4;
const ARGUMENT_BYTES = [10_000, 100_000, 1_000_000] as const;
const ANSWER_BYTES = [4000, 40_000, 400_000] as const;
const RANDOM_CHARACTERS = 100_000;
const BEFORE = ', before';
/** Calls per second with the largest arguments, relative to the build before. */
const ARGUMENTS_GOAL = 2;
/** CPU time of the largest answers, relative to those of a tenth of their size. */
const ANSWERS_GOAL = 12;

/** Measures calls per second and CPU time per call by the size of arguments and of answers. */
export const sizes: Section = {
  name: 'sizes',
  title: 'Large arguments and answers',
  method: `The driver \`wire\` in a closed loop of ${CONCURRENCY} on one core. Arguments go to the null responder: a constant text, and a text of random characters that is drawn anew for every call. Answers come from nginx: one text each, as large as named. With \`--before FOLDER\`, the \`.bench\` folder of another checkout, that build runs the same loads in the same rounds.`,
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
    tables: [tableOf('Arguments', asked, requests, context), tableOf('Answers', answered, answers, context)],
    notes: [
      ...argumentsNote(requests.rounds),
      ...answersNote(answers.cpu),
      ...requests.failures,
      ...answers.failures,
    ],
    data: { requests, answers },
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
    return await runRounds(clientsOf(all, target, context), target.url, context);
  } finally {
    await target.stop();
  }
}

function clientsOf(all: readonly Size[], { echoesIds }: Target, { before }: Context): readonly BenchClient[] {
  const builds = before === undefined ? [undefined] : [undefined, before];
  return all.flatMap(({ name, call, path }) =>
    builds.map((build) => {
      const client = ours(build === undefined ? name : name + BEFORE, {
        driver: 'wire',
        checkIds: echoesIds,
        connections: CONCURRENCY,
        concurrency: CONCURRENCY,
        call,
        build,
      });
      return path === undefined
        ? client
        : {
            ...client,
            measure: (url: string, seconds: number) => client.measure(new URL(path, url).href, seconds),
          };
    }),
  );
}

function tableOf(caption: string, all: readonly Size[], { rounds, cpu }: Rounds, { before }: Context): Table {
  const compared = before !== undefined;
  return {
    caption: `${caption}: median (min .. max) of ${rounds.length} rounds`,
    head: ['load', 'calls/s', 'CPU us/call', ...(compared ? ['calls/s, x before'] : [])],
    rows: all.map(({ name }) => [
      name,
      formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 0),
      formatSpread(spreadOf(cpu.flatMap((round) => round[name] ?? [])), 1),
      ...(compared ? [formatSpread(ratioOf(rounds, name, name + BEFORE), 2)] : []),
    ]),
  };
}

function argumentsNote(rounds: readonly Round[]): readonly string[] {
  const name = argumentsOf(ARGUMENT_BYTES[2]);
  const ratio = ratioOf(rounds, name, name + BEFORE);
  if (ratio === undefined) return [];
  const verdict = ratio.median >= ARGUMENTS_GOAL ? 'reached' : 'MISSED';
  return [
    `With ${name} it makes ${ratio.median.toFixed(2)} x the calls of the build before; the goal of at least ${ARGUMENTS_GOAL} is ${verdict}.`,
  ];
}

function answersNote(cpu: readonly Round[]): readonly string[] {
  const [, tenth, whole] = ANSWER_BYTES;
  const ratio = ratioOf(cpu, answersOf(whole), answersOf(tenth));
  if (ratio === undefined) return [];
  const verdict = ratio.median <= ANSWERS_GOAL ? 'reached' : 'MISSED';
  return [
    `${answersOf(whole)} take ${ratio.median.toFixed(1)} x the CPU time of ${answersOf(tenth)}; the goal of at most ${ANSWERS_GOAL} is ${verdict}.`,
  ];
}
