/** @module The comparison of audit logs with what was sent: every call has exactly one record, every record a call, and both say the same. */
import type { AuditFields } from '../profile/auth-kinds.ts';
import { REASON_STATUS } from '../protocol/authorization/reason.ts';
import { FIRST_OWN_ID } from '../protocol/call.ts';
import { type TraceContexts, traceContexts, traceIdOf } from '../protocol/trace.ts';
import type { AuditCounts } from '../recording/measure/audit.ts';
import { SENT, type SentLog } from '../recording/sent-log.ts';
import { linesOf } from './lines.ts';
import type { AuditLogFile } from './log-file.ts';
import { isChangeOfState, type ReadRecord, recordReader } from './record-reader.ts';
import { holdsToken } from './secrets.ts';

export interface AuditJoinOptions {
  /** Of all processes that decide. */
  readonly files: readonly AuditLogFile[];
  readonly sent: SentLog;
  /** Of the load: trace contexts follow from it. */
  readonly seed: number;
  /** Of a server that is not built in: its names of our fields. Its instances are compared only where answers name them, too. */
  readonly fields?: AuditFields | undefined;
}

/**
 * Reads the logs as streams; of a record nothing is kept, of a call one byte. Rejects with the error of the system when a file
 * cannot be read.
 */
export async function joinAudit({ files, sent, seed, fields }: AuditJoinOptions): Promise<AuditCounts> {
  const read = recordReader(fields);
  const join = new AuditJoin(sent, traceContexts(seed), fields !== undefined);
  for (const { path, from } of files) {
    for await (const lines of linesOf(path, from)) for (const line of lines) join.add(line, read(line));
  }
  return join.counts();
}

/** What is known of a call: flags. */
const [RECORDED, REPEATED, EXECUTED] = [1, 2, 4];
/** Number of an instance that answered no call, and of none that is compared. */
const [NAMELESS, NOT_COMPARED] = [255, 0];

class AuditJoin {
  readonly #sent: SentLog;
  readonly #traces: TraceContexts;
  readonly #foreign: boolean;
  readonly #instances: ReadonlyMap<string, number>;
  readonly #calls: Uint8Array;
  readonly #counts = {
    records: 0,
    duplicate: 0,
    contradicting: 0,
    elsewhere: 0,
    unknown: 0,
    withoutTrace: 0,
    executedUnanswered: 0,
    unreadable: 0,
    secrets: 0,
  };

  constructor(sent: SentLog, traces: TraceContexts, foreign: boolean) {
    this.#sent = sent;
    this.#traces = traces;
    this.#foreign = foreign;
    this.#instances = new Map(sent.names.map((name, index) => [name, index + 1]));
    this.#calls = new Uint8Array(sent.outcomes.length);
  }

  /** Takes a line, and the record in it if there is one. */
  add(line: string, record: ReadRecord | undefined): void {
    const counts = this.#counts;
    if (holdsToken(line, record?.tokenHash)) counts.secrets += 1;
    if (record === undefined) {
      if (line.trim() !== '' && !isChangeOfState(line)) counts.unreadable += 1;
      return;
    }
    counts.records += 1;
    if (record.traceparent === undefined) {
      counts.withoutTrace += 1;
      return;
    }
    const call = this.#callOf(record.traceparent);
    if (call === undefined) counts.unknown += 1;
    else if (call > FIRST_OWN_ID) counts.withoutTrace += 1;
    else this.#compare(call, record);
  }

  counts(): AuditCounts {
    const { outcomes } = this.#sent;
    let missing = 0;
    for (let call = 0; call < outcomes.length; call += 1) {
      const answered = outcomes[call] !== SENT.none && outcomes[call] !== SENT.unanswered;
      if (answered && this.#calls[call] === 0) missing += 1;
    }
    return { ...this.#counts, missing };
  }

  #callOf(traceparent: string): number | undefined {
    const traceId = traceIdOf(traceparent);
    const call = traceId === undefined ? undefined : this.#traces.callOf(traceId);
    if (call !== undefined && call > FIRST_OWN_ID) return call;
    // Beyond the log there is no outcome.
    return call === undefined || (this.#sent.outcomes[call] ?? SENT.none) === SENT.none ? undefined : call;
  }

  #compare(call: number, record: ReadRecord): void {
    const counts = this.#counts;
    const known = this.#calls[call]!;
    if (known === RECORDED || known === (RECORDED | EXECUTED)) counts.duplicate += 1;
    this.#calls[call] = known | (known === 0 ? RECORDED : REPEATED);
    const outcome = this.#sent.outcomes[call]!;
    if (outcome === SENT.unanswered) {
      if (!record.allowed || (known & EXECUTED) !== 0) return;
      counts.executedUnanswered += 1;
      this.#calls[call]! |= EXECUTED;
      return;
    }
    const elsewhere = this.#isElsewhere(call, record.instance);
    if (elsewhere) counts.elsewhere += 1;
    if (elsewhere || !agrees(record, outcome)) counts.contradicting += 1;
  }

  /** Whether another instance answered than decided. */
  #isElsewhere(call: number, instance: string | undefined): boolean {
    if (instance === undefined) return false;
    const decided = this.#instances.get(instance) ?? (this.#foreign ? NOT_COMPARED : NAMELESS);
    const answered = this.#sent.instances[call]!;
    return decided !== NOT_COMPARED && answered !== 0 && decided !== answered;
  }
}

/** Whether the client saw what `record` says. */
function agrees({ allowed, reason }: ReadRecord, outcome: number): boolean {
  if (allowed) return outcome === SENT.allowed;
  switch (reason === undefined ? undefined : (REASON_STATUS as Readonly<Record<string, number>>)[reason]) {
    case 401:
      return outcome === SENT.unauthorized;
    case 403:
      return outcome === SENT.forbidden;
    case 503:
      // Neither 401 nor 403, as the answer to a call that was let through.
      return outcome === SENT.allowed;
    default:
      return outcome !== SENT.allowed;
  }
}
