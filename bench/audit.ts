/** @module The comparison of audit logs with what was sent: its time and its memory for a million calls. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Join from '../src/audit/join.ts';
import type { AuditLogFile } from '../src/audit/log-file.ts';
import { AuditLines } from '../src/guard/audit-line.ts';
import { traceContexts } from '../src/protocol/trace.ts';
import { SENT, type SentLog } from '../src/recording/sent-log.ts';
import { systemClock } from '../src/units/clock.ts';
import { type Build, moduleOf } from './build.ts';
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import { formatSpread } from './ratio.ts';
import { type Arm, runRounds, type Sample, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';

const CALLS = 1_000_000;
const ARM = `${CALLS} calls`;
const INSTANCES = ['instance-1', 'instance-2', 'instance-3', 'instance-4'];
const SEED = 1;
/** Lines written at a time. */
const BATCH = 10_000;

/** Compares the logs of four instances with a million calls. */
export const audit: Section = {
  name: 'audit',
  title: 'Audit logs compared with a million calls',
  method: `Four logs with ${CALLS} records in all, every call in one of them, are compared with what was sent, once per round. The memory is the peak of the whole process, which also wrote the logs.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-bench-'));
  try {
    context.say(`writes ${CALLS} records`);
    const files = writeLogs(folder);
    const arm: Arm = { name: ARM, of: 'paceline', measure: (_, build) => compare(files, build) };
    const rounds = await runRounds([arm], context);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    const seconds = spreadIn(rounds, 'auditS', ARM);
    return {
      tables: [
        {
          caption: 'Comparison',
          head: ['calls', 'seconds', 'peak MB'],
          rows: [[String(CALLS), formatSpread(seconds, 2), peakMb.toFixed(0)]],
        },
      ],
      goals: [
        goalOf({ what: 'slowest comparison', direction: 'below', bound: 20, unit: 's' }, seconds?.max),
        goalOf({ what: 'peak memory', direction: 'below', bound: 500, unit: 'MB' }, peakMb),
      ],
      notes: [],
      rounds: [rounds],
      data: { calls: CALLS, peakMb },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(files: readonly AuditLogFile[], build: Build): Promise<Sample> {
  const { joinAudit } = await moduleOf<typeof Join>(build, 'src/audit/join.js');
  const startedUs = systemClock.now();
  const counts = await joinAudit({ files, sent: sentLog(), seed: SEED });
  const auditS = (systemClock.now() - startedUs) / 1e6;
  if (counts.records !== CALLS || counts.missing + counts.contradicting + counts.unknown > 0) {
    throw new Error(`the comparison is wrong: ${JSON.stringify(counts)}`);
  }
  return { failed: 0, auditS };
}

/** Call `n` is answered by instance `n mod 4`, and one in ten is refused. */
const isAllowed = (call: number): boolean => call % 10 !== 0;

function writeLogs(folder: string): readonly AuditLogFile[] {
  const traces = traceContexts(SEED);
  return INSTANCES.map((instance, index) => {
    const path = join(folder, `audit-${instance}.jsonl`);
    const lines = new AuditLines(instance);
    let text = '';
    for (let call = index, count = 1; call < CALLS; call += INSTANCES.length, count += 1) {
      const allowed = isAllowed(call);
      text += lines.of(
        {
          traceparent: traces.of(call),
          actor: 'agents',
          client: 'agents',
          tokenHash: '0123456789abcdef',
          method: 'tools/call',
          tool: 'echo',
          handle: null,
          required: ['tool:echo'],
          decision: allowed ? 'allow' : 'deny',
          reason: allowed ? null : 'scope-missing',
          us: 90,
        },
        call * 100,
      );
      if (count % BATCH !== 0) continue;
      appendFileSync(path, text);
      text = '';
    }
    appendFileSync(path, text);
    return { path };
  });
}

function sentLog(): SentLog {
  const outcomes = new Uint8Array(CALLS);
  const instances = new Uint8Array(CALLS);
  for (let call = 0; call < CALLS; call += 1) {
    outcomes[call] = isAllowed(call) ? SENT.allowed : SENT.forbidden;
    instances[call] = (call % INSTANCES.length) + 1;
  }
  return { outcomes, instances, names: INSTANCES };
}
