/** @module Reads one line of an audit log, our own or that of another server, whose fields have other names. */
import { AUDIT_FIELDS, type AuditFields } from '../profile/auth-kinds.ts';

/** What is read of a record. Absent: it does not say. */
export interface ReadRecord {
  readonly allowed: boolean;
  readonly traceparent: string | undefined;
  readonly instance: string | undefined;
  /** A code; one of ours in our own logs. */
  readonly reason: string | undefined;
  readonly tokenHash: string | undefined;
  /** Microseconds. */
  readonly us: number | undefined;
}

/** Undefined for a line that is no record of a decision. */
export type RecordReader = (line: string) => ReadRecord | undefined;

type Names = Readonly<Record<keyof AuditFields, string>>;

const ALLOW =
  'allow allowed permit permitted grant granted accept accepted approve approved pass success ok yes true';
const DENY =
  'deny denied forbid forbidden reject rejected refuse refused block blocked fail failure failed unauthorized no false';

/** What the words of other servers mean. */
const ALLOWED: ReadonlyMap<string, boolean> = new Map([
  ...ALLOW.split(' ').map((word) => [word, true] as const),
  ...DENY.split(' ').map((word) => [word, false] as const),
]);

/** A reader of records whose fields have the names in `fields`, by ours; one that is not in it has our name. Dots lead into objects, unless a field has them in its name. */
export function recordReader(fields: AuditFields = {}): RecordReader {
  const names = Object.fromEntries(AUDIT_FIELDS.map((field) => [field, fields[field] ?? field])) as Names;
  return (line) => {
    const object = parse(line);
    if (object === undefined) return undefined;
    const allowed = decisionOf(at(object, names.decision));
    if (allowed === undefined) return undefined;
    const us = at(object, names.us);
    return {
      allowed,
      traceparent: textOf(at(object, names.traceparent)),
      instance: textOf(at(object, names.instance)),
      reason: textOf(at(object, names.reason)),
      tokenHash: textOf(at(object, names.tokenHash)),
      us: typeof us === 'number' && us >= 0 ? us : undefined,
    };
  };
}

/** Whether `line` is one of our own records of a change of state, which is no decision. */
export const isChangeOfState = (line: string): boolean => typeof member(parse(line), 'change') === 'string';

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The value of the field `name`, of which dots lead into objects. */
function at(record: unknown, name: string): unknown {
  const direct = member(record, name);
  if (direct !== undefined || !name.includes('.')) return direct;
  return name.split('.').reduce(member, record);
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A word, a truth value, or a status of HTTP. */
function decisionOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return ALLOWED.get(value.toLowerCase()) ?? statusOf(Number(value));
  return typeof value === 'number' ? statusOf(value) : undefined;
}

function statusOf(status: number): boolean | undefined {
  if (status >= 200 && status < 300) return true;
  return status === 401 || status === 403 ? false : undefined;
}
