/** @module Runs the requested sections, prints their tables and stores them. */
import { parseArgs } from 'node:util';
import { machine } from '../src/experiment/machine.ts';
import { busyText } from '../src/report/busy-machine.ts';
import { systemClock } from '../src/units/clock.ts';
import { aa } from './aa.ts';
import { comparisonsIn } from './against-before.ts';
import { alternatives } from './alternatives.ts';
import { fuzz } from './answers-fuzz.ts';
import { audit } from './audit.ts';
import { authTruth } from './auth-truth.ts';
import { balancer } from './balancer.ts';
import { buildsWith } from './build.ts';
import { cache } from './cache.ts';
import { cacheTruth } from './cache-truth.ts';
import { pinning } from './command.ts';
import type { Context, Effort } from './context.ts';
import { credentials } from './credentials.ts';
import { growth } from './growth.ts';
import { http2 } from './http2.ts';
import { ids } from './ids.ts';
import { memory } from './memory.ts';
import { openLoop } from './open-loop.ts';
import {
  closingTables,
  readBench,
  type SectionResult,
  sentencesOf,
  withSection,
  writeBench,
} from './report.ts';
import { saturatedBalancer } from './saturated-balancer.ts';
import type { Section } from './section.ts';
import { sessionAudit } from './session-audit.ts';
import { sizes } from './sizes.ts';
import { startUp } from './start-up.ts';
import { state } from './state.ts';
import { plain } from './table.ts';
import { tasks } from './tasks.ts';
import { throughput } from './throughput.ts';
import { tls } from './tls.ts';
import { truth } from './truth.ts';
import { verdicts } from './verdicts.ts';
import { verification } from './verification.ts';

const SECTIONS: readonly Section[] = [
  throughput,
  tls,
  http2,
  sizes,
  growth,
  ids,
  credentials,
  openLoop,
  startUp,
  balancer,
  fuzz,
  saturatedBalancer,
  alternatives,
  verification,
  audit,
  cache,
  truth,
  authTruth,
  cacheTruth,
  aa,
  verdicts,
  memory,
  sessionAudit,
  state,
  tasks,
];
/** Run only if requested by name or with --long. */
const LONG: readonly Section[] = [authTruth, cacheTruth, aa, verdicts, memory, sessionAudit, state, tasks];

const DEFAULTS = { rounds: '5', seconds: '3', out: 'results/bench' };

/** Runs the sections that `args` name. Resolves with the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: DEFAULTS.rounds },
      seconds: { type: 'string', default: DEFAULTS.seconds },
      long: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      before: { type: 'string' },
      out: { type: 'string', default: DEFAULTS.out },
    },
  });
  const effort: Effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  const unknown = positionals.filter((name) => !SECTIONS.some((section) => section.name === name));
  const isWrong = unknown.length > 0 || !(effort.rounds >= 1) || !(effort.seconds > 0);
  if (isWrong || values.help) {
    console.error(
      `usage: npm run bench -- [${SECTIONS.map(({ name }) => name).join(' | ')}] ... [--rounds ${DEFAULTS.rounds}] [--seconds ${DEFAULTS.seconds}] [--long] [--before FOLDER] [--out ${DEFAULTS.out}]\nEach section is described in docs/benchmarking.md. Without names: all but those that need --long.`,
    );
    return isWrong ? 2 : 0;
  }
  const chosen = SECTIONS.filter((section) =>
    positionals.length > 0 ? positionals.includes(section.name) : values.long || !LONG.includes(section),
  );
  const builds = buildsWith(values.before);
  // Only now: later, the sections before are what keeps the machine busy.
  const busy = busyText(machine());
  if (busy !== undefined) console.error(`note: ${busy}`);
  const results: SectionResult[] = [];
  for (const section of chosen) {
    const result = await runSection(section, { effort, builds, long: values.long, say }, args);
    writeBench(values.out, withSection(readBench(values.out), result), SECTIONS);
    results.push(result);
  }
  for (const table of closingTables(results)) console.log(`\n${plain(table).join('\n')}`);
  console.error(`stored: ${values.out}/bench.json, ${values.out}/README.md`);
  return 0;
}

const say = (line: string): void => console.error(`   ${line}`);

async function runSection(
  section: Section,
  context: Context,
  args: readonly string[],
): Promise<SectionResult> {
  console.error(`\n== ${section.title}`);
  const createdAt = systemClock.date().toISOString();
  const machineBefore = machine();
  const outcome = await section.run(context);
  for (const table of outcome.tables) console.log(`\n${plain(table).join('\n')}`);
  for (const sentence of sentencesOf(outcome)) console.log(`- ${sentence}`);
  const { name, title, method } = section;
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  const { effort, builds } = context;
  const comparisons = builds.length > 1 && (outcome.rounds ?? []).flatMap(comparisonsIn);
  return {
    name,
    title,
    method,
    createdAt,
    command,
    effort,
    pinned: pinning,
    machine: machineBefore,
    ...outcome,
    ...(comparisons && { comparisons }),
  };
}
