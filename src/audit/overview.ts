/** @module What audit logs say by themselves, without knowing what was sent. */
import type { AuditFields } from '../profile/auth-kinds.ts';
import { traceIdOf } from '../protocol/trace.ts';
import { clampTime, decodeHistogram, percentileOf, Tally } from '../recording/histogram.ts';
import type { Micros } from '../units/time.ts';
import { linesOf } from './lines.ts';
import { type ReadRecord, recordReader } from './record-reader.ts';
import { holdsToken } from './secrets.ts';

/** Plain data. */
export interface AuditOverview {
  readonly records: number;
  /** Lines that are no records. */
  readonly unreadable: number;
  readonly allowed: number;
  readonly denied: number;
  /** Records by instance and refusals by reason, the most first; where the log says it. */
  readonly instances: readonly Share[];
  readonly reasons: readonly Share[];
  /** Trace contexts, and records without one. */
  readonly calls: number;
  readonly withoutTrace: number;
  /** Trace contexts with more than one record; of these, those with both decisions. */
  readonly duplicate: number;
  readonly contradicting: number;
  /** Lines that hold a token. */
  readonly secrets: number;
  /** Times of the check; null when the log has none. */
  readonly check: { readonly p50Us: Micros; readonly p99Us: Micros; readonly maxUs: Micros } | null;
}

interface Share {
  readonly name: string;
  readonly records: number;
}

/** Reads the logs at `paths` as streams; memory grows with the number of calls. Rejects with the error of the system when one cannot be read. */
export async function auditOverview(paths: readonly string[], fields?: AuditFields): Promise<AuditOverview> {
  const read = recordReader(fields);
  const overview = new Overview();
  for (const path of paths) {
    for await (const lines of linesOf(path)) for (const line of lines) overview.add(line, read(line));
  }
  return overview.figures();
}

/** What the records of a trace context say: flags. */
const [ALLOWED, DENIED, REPEATED] = [1, 2, 4];

class Overview {
  readonly #counts = { records: 0, unreadable: 0, allowed: 0, denied: 0, withoutTrace: 0, secrets: 0 };
  readonly #instances = new Shares();
  readonly #reasons = new Shares();
  readonly #times = new Tally();
  readonly #calls = new Map<string, number>();

  add(line: string, record: ReadRecord | undefined): void {
    const counts = this.#counts;
    if (holdsToken(line, record?.tokenHash)) counts.secrets += 1;
    if (record === undefined) {
      if (line.trim() !== '') counts.unreadable += 1;
      return;
    }
    const { allowed, traceparent, instance, reason, us } = record;
    counts.records += 1;
    counts[allowed ? 'allowed' : 'denied'] += 1;
    this.#instances.add(instance);
    if (!allowed) this.#reasons.add(reason);
    if (us !== undefined) this.#times.record(clampTime(us));
    if (traceparent === undefined) counts.withoutTrace += 1;
    else this.#addCall(traceIdOf(traceparent) ?? traceparent, allowed);
  }

  figures(): AuditOverview {
    const calls = [...this.#calls.values()];
    const { count, histogram, maxUs } = this.#times.series();
    const percentile = (p: number): Micros => percentileOf(decodeHistogram(histogram), p);
    return {
      ...this.#counts,
      instances: this.#instances.list(),
      reasons: this.#reasons.list(),
      calls: calls.length,
      duplicate: calls.filter((flags) => (flags & REPEATED) !== 0).length,
      contradicting: calls.filter((flags) => (flags & (ALLOWED | DENIED)) === (ALLOWED | DENIED)).length,
      check: count === 0 ? null : { p50Us: percentile(50), p99Us: percentile(99), maxUs },
    };
  }

  #addCall(id: string, allowed: boolean): void {
    const known = this.#calls.get(id);
    this.#calls.set(id, (known === undefined ? 0 : known | REPEATED) | (allowed ? ALLOWED : DENIED));
  }
}

/** Names that are counted apart; later ones count as `other`, because a log may have a text of its own in every record. */
const MOST_NAMES = 50;
const OTHER = 'other';

/** Records by a name. */
class Shares {
  readonly #records = new Map<string, number>();

  add(name: string | undefined): void {
    if (name === undefined) return;
    const counted = this.#records.size < MOST_NAMES || this.#records.has(name) ? name : OTHER;
    this.#records.set(counted, (this.#records.get(counted) ?? 0) + 1);
  }

  list(): readonly Share[] {
    return [...this.#records]
      .map(([name, records]) => ({ name, records }))
      .sort((a, b) => b.records - a.records || a.name.localeCompare(b.name));
  }
}
