/** @module Loads with their audit logs, for tests of the comparison: what was sent, and what instances say about it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditEntry, AuditLines } from '../guard/audit-line.ts';
import { traceContexts } from '../protocol/trace.ts';
import { SENT, type SentLog } from '../recording/sent-log.ts';
import { scratch } from '../units/scratch.case.ts';
import type { AuditLogFile } from './log-file.ts';

export const SEED = 7;
export const INSTANCES = ['i0', 'i1', 'i2'] as const;

/** A call as its client saw it. */
export interface SentCall {
  readonly outcome: keyof typeof SENT;
  /** Index in {@link INSTANCES} of the instance that answered. */
  readonly instance?: number | undefined;
}

/** The log of `calls`, which are numbered from 0. */
export function sentLog(calls: readonly SentCall[]): SentLog {
  return {
    outcomes: Uint8Array.from(calls, ({ outcome }) => SENT[outcome]),
    instances: Uint8Array.from(calls, ({ instance }) => (instance === undefined ? 0 : instance + 1)),
    names: INSTANCES,
  };
}

const ENTRY: AuditEntry = {
  traceparent: null,
  actor: 'agents',
  client: 'agents',
  tokenHash: '0123456789abcdef',
  method: 'tools/call',
  tool: 'echo',
  handle: null,
  required: ['tool:echo'],
  decision: 'allow',
  reason: null,
  us: 90,
};

const traces = traceContexts(SEED);

/** The line of an instance about a call. */
export function recordOf(instance: string, call: number, more: Partial<AuditEntry> = {}): string {
  return new AuditLines(instance).of({ ...ENTRY, traceparent: traces.of(call), ...more }, 0);
}

/** The line of an instance that says the same as the client of `call` saw. */
export function agreeing({ outcome, instance = 0 }: SentCall, call: number): string {
  const name = INSTANCES[instance]!;
  if (outcome === 'unauthorized') return recordOf(name, call, { decision: 'deny', reason: 'expired' });
  if (outcome === 'forbidden') return recordOf(name, call, { decision: 'deny', reason: 'scope-missing' });
  return recordOf(name, call);
}

/** Writes logs of these lines. */
export function logsOf(...logs: readonly (readonly string[])[]): readonly AuditLogFile[] {
  const folder = scratch();
  return logs.map((lines, index) => {
    const path = join(folder, `audit-${index}.jsonl`);
    writeFileSync(path, lines.join(''));
    return { path };
  });
}
