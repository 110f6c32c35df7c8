/** @module Other load generators of Node.js on the same responder: CPU time per call. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CORE, type Timed, timed } from './command.ts';
import type { Context } from './context.ts';
import { staticCall } from './load.ts';
import { armsAt, type BenchClient, installed, script } from './other-clients.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import { startEcho } from './target.ts';
import { ours } from './throughput.ts';

/** Calls in flight. */
const CONCURRENCY = 16;
/** The program that makes one call costs this long as well: its start, which is subtracted. */
const SHORT_SECONDS = 1;
const GRACE_SECONDS = 60;
/** How the names of programs on the PATH begin that the section calls as further clients. */
const PREFIX = 'bench-client-';

/** Compares Paceline's drivers with other load generators of Node.js. */
export const alternatives: Section = {
  name: 'alternatives',
  title: 'Other load generators of Node.js',
  method: `A closed loop of ${CONCURRENCY} on one core against the null responder, the same tools/call for all. Figures are CPU time per call, user and system, of all threads. That of other programs is taken between a run of ${SHORT_SECONDS} s and a longer one, so that their start does not count. Programs that are not on the PATH are left out; \`npm install --prefix FOLDER loadtest@8.2.1 artillery@2.0.21\` and \`PATH=FOLDER/node_modules/.bin:$PATH\` add them. Any other client is added by a program \`${PREFIX}NAME\` on the PATH (docs/benchmarking.md). Rounds alternate.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-alternatives-'));
  const target = await startEcho();
  try {
    const clients = clientsIn(folder);
    const rounds = await runRounds(armsAt(target.url, clients), context);
    return {
      tables: [
        {
          caption: `CPU time per call: median (min .. max) of ${roundsOf(rounds, 'cpuUs').length} rounds`,
          head: ['client', 'us', 'x wire'],
          rows: rounds.names.map((name) => [
            name,
            formatSpread(spreadIn(rounds, 'cpuUs', name), 1),
            formatSpread(ratioOf(roundsOf(rounds, 'cpuUs'), name, 'wire'), 1),
          ]),
        },
      ],
      notes: missingFrom(clients),
      rounds: [rounds],
    };
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function clientsIn(folder: string): readonly BenchClient[] {
  const connections = CONCURRENCY;
  return [
    ...(['wire', 'undici'] as const).map((driver) =>
      ours(driver, { driver, connections, concurrency: CONCURRENCY }),
    ),
    script({ name: 'autocannon', connections }, 'autocannon-client'),
    ...installed('loadtest', loadtest),
    ...installed('artillery', (program) => artillery(program, folder)),
    ...furtherClients(),
  ];
}

/** One sentence for each load generator that this section is meant to measure and does not. */
function missingFrom(clients: readonly BenchClient[]): readonly string[] {
  const names = ['loadtest', 'artillery', 'mcp-stress'].filter(
    (name) => !clients.some((client) => client.name === name),
  );
  return names.map((name) =>
    name === 'mcp-stress'
      ? `mcp-stress was not measured: no package registry within reach has a package of that name. A program \`${PREFIX}mcp-stress\` on the PATH adds it.`
      : `${name} was not measured: it is not on the PATH.`,
  );
}

/** A client for every program on the PATH whose name begins with {@link PREFIX}: its argument is the load as JSON, and it prints `{"calls": N}`. */
function furtherClients(): readonly BenchClient[] {
  const files = (process.env['PATH'] ?? '').split(delimiter).flatMap(namesIn);
  const names = new Set(files.filter((file) => file.startsWith(PREFIX)));
  return [...names].sort().map((program) =>
    between(program.slice(PREFIX.length), async (url, seconds) => {
      const load = JSON.stringify({ url, ...staticCall(), connections: CONCURRENCY, seconds });
      const result = await timed(CORE.client, [program, load], seconds + GRACE_SECONDS);
      return { ...result, calls: countIn(result.printed, /"calls":\s*(\d+)/) };
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A PATH may name folders that are not there.
    return [];
  }
}

/** A program of which a run of `seconds` makes a number of calls. */
function between(
  name: string,
  runFor: (url: string, seconds: number) => Promise<Pick<Timed, 'cpuUs'> & { readonly calls: number }>,
): BenchClient {
  return {
    name,
    of: 'other program',
    async measure(url, seconds) {
      const short = await runFor(url, SHORT_SECONDS);
      const long = await runFor(url, SHORT_SECONDS + seconds);
      if (short.cpuUs === undefined || long.cpuUs === undefined) return { failed: 0 };
      return { failed: 0, cpuUs: (long.cpuUs - short.cpuUs) / (long.calls - short.calls) };
    },
  };
}

function loadtest(program: string): BenchClient {
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

function artillery(program: string, folder: string): BenchClient {
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
