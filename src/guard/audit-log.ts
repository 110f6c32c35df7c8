/** @module The audit log of one process: a line of JSON for each decision, appended to a file. */
import { type FileHandle, open } from 'node:fs/promises';
import { after, type Cancel, type Clock, servingClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { type AuditEntry, AuditLines } from './audit-line.ts';
import type { StateChange } from './guard.ts';

/** A write per this many bytes, or after this time. */
const WRITE_AT = 64 * 1024;
const WRITE_WITHIN: Micros = 100_000;

/**
 * Appends records in their order. They are buffered: a process that is killed (SIGKILL) loses those of the last 100 ms, or
 * of the last 64 KiB and the writes under way; one that stops loses none.
 */
export class AuditLog {
  readonly #file: FileHandle;
  readonly #lines: AuditLines;
  readonly #clock: Clock;
  /** From the time of the clock to the epoch; exact to a millisecond. */
  readonly #toEpoch: Micros;
  #buffer = '';
  #due: Cancel | undefined;
  /** The writes so far, one after the other; rejected from the first one on that failed. */
  #written: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, instance: string, clock: Clock) {
    this.#file = file;
    this.#lines = new AuditLines(instance);
    this.#clock = clock;
    this.#toEpoch = clock.date().getTime() * 1000 - clock.now();
  }

  /** Opens the file at `path`, and makes it when there is none; `instance` is in each record. Rejects with the error of the system. */
  static async open(path: string, instance: string, clock: Clock = servingClock): Promise<AuditLog> {
    return new AuditLog(await open(path, 'a'), instance, clock);
  }

  /** Adds a record with the present time. */
  append(entry: AuditEntry): void {
    this.#add(this.#lines.of(entry, this.#clock.now() + this.#toEpoch));
  }

  /** Adds a record of a change of state with the present time. */
  appendChange(change: StateChange): void {
    this.#add(this.#lines.ofChange(change, this.#clock.now() + this.#toEpoch));
  }

  #add(line: string): void {
    this.#buffer += line;
    if (this.#buffer.length >= WRITE_AT) this.#write();
    else this.#due ??= after(WRITE_WITHIN, () => this.#write());
  }

  /** Resolves when all records so far are in the file. Rejects when one could not be written. */
  flush(): Promise<void> {
    this.#write();
    return this.#written;
  }

  /** Flushes and closes the file; no record may follow. Rejects as {@link flush} does. */
  async stop(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  #write(): void {
    this.#due?.();
    this.#due = undefined;
    if (this.#buffer === '') return;
    const bytes = Buffer.from(this.#buffer, 'latin1');
    this.#buffer = '';
    this.#written = this.#written.then(() => this.#file.appendFile(bytes));
    // Reported by `flush`.
    this.#written.catch(() => {});
  }
}
