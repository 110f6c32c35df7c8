/** @module The text of an audit record: one line of JSON in ASCII, whatever a caller puts into a name. */
import type { AuditRecord } from '../protocol/authorization/audit-record.ts';
import type { Micros } from '../units/time.ts';
import type { StateChange } from './guard.ts';
import { digestOf, recorded } from './modes/token-digest.ts';

/** A decision as the guard knows it; the log adds the time and the instance. */
export type AuditEntry = Omit<AuditRecord, 'time' | 'instance'>;

/** Makes the lines of one instance. */
export class AuditLines {
  readonly #instance: string;
  /** The second of the last line, since the epoch, and its text. */
  #second = -1;
  #secondText = '';

  constructor(instance: string) {
    this.#instance = `","instance":${text(instance)},"traceparent":`;
  }

  /** The line of `entry`, decided at `epochUs`, with its end. Concatenated: half the time of `JSON.stringify`, in every check of a measured server. */
  of(entry: AuditEntry, epochUs: Micros): string {
    return `{"time":"${this.#time(epochUs)}${this.#instance}${textOrNull(entry.traceparent)},"actor":${textOrNull(entry.actor)},"client":${textOrNull(entry.client)},"tokenHash":${textOrNull(entry.tokenHash)},"method":${text(entry.method)},"tool":${textOrNull(entry.tool)},"handle":${textOrNull(entry.handle)},"required":[${entry.required.map(text).join(',')}],"decision":"${entry.decision}","reason":${textOrNull(entry.reason)},"us":${Math.round(entry.us * 10) / 10}}\n`;
  }

  /** The line of a change of state. It has no decision: the record of the call has that. */
  ofChange({ change, tool, handle, identity, traceparent }: StateChange, epochUs: Micros): string {
    const digest = recorded(digestOf(handle));
    return `{"time":"${this.#time(epochUs)}${this.#instance}${textOrNull(traceparent ?? null)},"actor":${textOrNull(identity?.actor ?? null)},"client":${textOrNull(identity?.client ?? null)},"tool":${text(tool)},"change":"${change}","handle":"${digest}"}\n`;
  }

  #time(epochUs: Micros): string {
    const second = Math.floor(epochUs / 1e6);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = new Date(second * 1000).toISOString().slice(0, -4);
    }
    return `${this.#secondText}${String(Math.floor(epochUs - second * 1e6)).padStart(6, '0')}Z`;
  }
}

/** Characters that stand for themselves in a JSON text. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** `value` as JSON in ASCII: some readers of lines also split at U+0085, U+2028 and U+2029, which JSON leaves as they are. */
function text(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const textOrNull = (value: string | null): string => (value === null ? 'null' : text(value));
