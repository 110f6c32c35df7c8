/** @module Other load generators of Node.js on the same responder: CPU time per call. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE, timed } from './command.ts';
import { staticCall } from './load.ts';
import { installed, script } from './other-clients.ts';
import { formatSpread, orderOf, type Round, ratioOf, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import { startEcho } from './target.ts';
import { ours } from './throughput.ts';

/** Calls in flight. */
const CONCURRENCY = 16;
/** The program that makes one call costs this long as well: its start, which is subtracted. */
const SHORT_SECONDS = 1;
const GRACE_SECONDS = 60;

/** Compares Paceline's drivers with other load generators of Node.js. */
export const alternatives: Section = {
  name: 'alternatives',
  title: 'Other load generators of Node.js',
  method: `A closed loop of ${CONCURRENCY} on one core against the null responder, the same tools/call for all. Figures are CPU time per call, user and system, of all threads. That of loadtest and artillery is taken between a run of ${SHORT_SECONDS} s and a longer one, so that their start does not count. Programs that are not on the PATH are left out; \`npm install --prefix FOLDER loadtest@8.2.1 artillery@2.0.21\` and \`PATH=FOLDER/node_modules/.bin:$PATH\` add them. Rounds alternate.`,
  run,
};

/** CPU time per call of one program against `url`. */
interface Measurable {
  readonly name: string;
  cpuUs(url: string, seconds: number): Promise<number | undefined>;
}

async function run({ effort, say }: Context): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-alternatives-'));
  const target = await startEcho();
  const programs = programsIn(folder);
  const rounds: Round[] = [];
  try {
    for (let index = 0; index < effort.rounds; index += 1) {
      const round: Record<string, number> = {};
      for (const program of orderOf(programs, index)) {
        say(`round ${index + 1}/${effort.rounds}: ${program.name}`);
        const us = await program.cpuUs(target.url, effort.seconds);
        if (us !== undefined) round[program.name] = us;
      }
      rounds.push(round);
    }
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    tables: [
      {
        caption: `CPU time per call: median (min .. max) of ${effort.rounds} rounds`,
        head: ['client', 'us', 'x wire'],
        rows: programs.map(({ name }) => [
          name,
          formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 1),
          formatSpread(ratioOf(rounds, name, 'wire'), 1),
        ]),
      },
    ],
    notes: [],
    data: { rounds },
  };
}

function programsIn(folder: string): readonly Measurable[] {
  const connections = CONCURRENCY;
  const clients = [
    ...(['wire', 'undici'] as const).map((driver) =>
      ours(driver, { driver, connections, concurrency: CONCURRENCY }),
    ),
    script({ name: 'autocannon', connections }, 'autocannon-client'),
  ];
  const others = [
    ...installed('loadtest', (program) => loadtest(program)),
    ...installed('artillery', (program) => artillery(program, folder)),
  ];
  return [
    ...clients.map(({ name, measure }) => ({
      name,
      cpuUs: async (url: string, seconds: number) => (await measure(url, seconds)).cpuUs,
    })),
    ...others,
  ];
}

/** A program of which a run of `seconds` makes a number of calls. */
function between(
  name: string,
  runFor: (url: string, seconds: number) => Promise<{ readonly calls: number; readonly cpuUs?: number }>,
): Measurable {
  return {
    name,
    async cpuUs(url, seconds) {
      const short = await runFor(url, SHORT_SECONDS);
      const long = await runFor(url, SHORT_SECONDS + seconds);
      if (short.cpuUs === undefined || long.cpuUs === undefined) return undefined;
      return (long.cpuUs - short.cpuUs) / (long.calls - short.calls);
    },
  };
}

function loadtest(program: string): Measurable {
  const { headers, body } = staticCall();
  const { 'Content-Type': type, ...rest } = headers;
  const fields = Object.entries(rest).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return between('loadtest', async (url, seconds) => {
    const load = ['-t', String(seconds), '-c', String(CONCURRENCY), '--cores', '1', '-k'];
    const call = ['-m', 'POST', '-T', type!, '--data', body, ...fields, url];
    const result = await timed(CORE.client, [program, ...load, ...call], seconds + GRACE_SECONDS);
    return { ...result, calls: countIn(result.printed, /Completed requests:\s+(\d+)/) };
  });
}

function artillery(program: string, folder: string): Measurable {
  const { headers, body } = staticCall();
  const file = join(folder, 'artillery.json');
  return between('artillery', async (url, seconds) => {
    const post = { post: { url, headers, body } };
    const test = {
      config: { target: new URL(url).origin, phases: [{ duration: 1, arrivalCount: CONCURRENCY }] },
      // A virtual user repeats the call; the length of the run follows from the number of calls.
      scenarios: [{ flow: [{ loop: [post], count: Math.round(seconds * CALLS_PER_SECOND_EACH) }] }],
    };
    writeFileSync(file, JSON.stringify(test));
    const result = await timed(CORE.client, [program, 'run', file], seconds * 10 + GRACE_SECONDS);
    return {
      ...result,
      calls: countIn(result.printed, /http\.requests: \.+ (\d+)(?![\s\S]*http\.requests:)/),
    };
  });
}

/** About what a virtual user of artillery makes on one core. */
const CALLS_PER_SECOND_EACH = 100;

function countIn(printed: string, pattern: RegExp): number {
  const count = Number(pattern.exec(printed)?.[1]);
  if (!Number.isFinite(count)) throw new Error(`no count ${pattern.source} in:\n${printed}`);
  return count;
}
