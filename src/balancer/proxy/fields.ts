/** @module Header fields as the proxy passes them on: kept as they came, except those that belong to one hop (RFC 9110, section 7.6.1). */
import { ascii, spells } from '../../http/bytes.ts';
import type { HttpFault } from '../../http/fault.ts';
import { FieldNames, type FieldTaker, readFields as readLines } from '../../http/fields.ts';
import { FRAMING_FIELDS, type Framing, keepAliveSeconds } from '../../http/framing.ts';
import { rejectionOf } from './reject.ts';

/** What the proxy reads from a header section, beside how the body is framed. */
export interface Fields {
  /** The lines to pass on, each closed by CR LF. */
  readonly text: string;
  /** Whether `text` is what came, to the letter. */
  readonly untouched: boolean;
  /** Seconds of `Keep-Alive: timeout=...`. */
  readonly idleSeconds: number | undefined;
  readonly hosts: number;
  readonly sessionId: string | undefined;
  readonly mcpMethod: string | undefined;
  readonly mcpName: string | undefined;
  readonly authorization: string | undefined;
  readonly servedBy: string | undefined;
}

const HOP_FIELDS = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
] as const;
const NAMES = new FieldNames([
  ...FRAMING_FIELDS,
  ...HOP_FIELDS,
  'authorization',
  'host',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
]);
type Name = NonNullable<ReturnType<typeof NAMES.of>>;

/** Fields that are not passed on. */
const OF_ONE_HOP: ReadonlySet<string> = new Set(HOP_FIELDS);

const NO_INSTANCE = ascii('');

/** The lines of a head that are to be read. */
export interface HeadLines {
  readonly bytes: Buffer;
  /** Where they begin and end; every line is closed by CR LF, the empty one is left off. */
  readonly from: number;
  readonly to: number;
  /** The same as Latin-1. */
  readonly text: string;
}

/**
 * Reads the field lines from `start` on; those that frame the body go to `framing`. `instanceHeader` (lower case) is the
 * one that gives `servedBy`. Throws a `Reject`.
 */
export function readFields(
  lines: HeadLines,
  start: number,
  framing: Framing,
  instanceHeader: Buffer = NO_INSTANCE,
): Fields {
  const fields = new FieldReader(lines, start, framing, instanceHeader);
  const end = readLines(lines.bytes, start, lines.to, fields);
  if (end !== lines.to) throw rejectionOf(fields.fault);
  fields.finish();
  return fields;
}

const LINE_END = '\r\n';

/** Field lines, each closed by CR LF, without those whose name, in lower case, is dropped. */
export function withoutFields(text: string, isDropped: (name: string) => boolean): string {
  const lines = text.split(LINE_END).slice(0, -1);
  return lines
    .filter((line) => !isDropped(line.slice(0, line.indexOf(':')).toLowerCase()))
    .map((line) => `${line}${LINE_END}`)
    .join('');
}

/** The value of the field `name` (lower case) in such lines; the values of several are joined by `, `. Undefined when there is none. */
export function fieldIn(text: string, name: string): string | undefined {
  const values = text.split(LINE_END).flatMap((line) => {
    const nameTo = line.indexOf(':');
    const found = nameTo === name.length && line.slice(0, nameTo).toLowerCase() === name;
    return found ? [line.slice(nameTo + 1).replace(/^[ \t]+|[ \t]+$/g, '')] : [];
  });
  return values.length === 0 ? undefined : values.join(', ');
}

class FieldReader implements Fields, FieldTaker {
  untouched = true;
  text = '';
  idleSeconds: number | undefined;
  hosts = 0;
  sessionId: string | undefined;
  mcpMethod: string | undefined;
  mcpName: string | undefined;
  authorization: string | undefined;
  servedBy: string | undefined;
  fault: HttpFault = 'field-line';
  readonly #source: string;
  /** Where `#source` begins in the bytes. */
  readonly #offset: number;
  readonly #framing: Framing;
  readonly #instanceHeader: Buffer;
  /** Up to where of `#source` the lines have been kept or dropped. */
  #keptTo: number;

  constructor(lines: HeadLines, start: number, framing: Framing, instanceHeader: Buffer) {
    this.#source = lines.text;
    this.#offset = lines.from;
    this.#framing = framing;
    this.#instanceHeader = instanceHeader;
    this.#keptTo = start - lines.from;
  }

  take(
    bytes: Buffer,
    from: number,
    nameTo: number,
    valueFrom: number,
    valueTo: number,
    next: number,
  ): boolean {
    if (nameTo - from === this.#instanceHeader.length && spells(bytes, from, this.#instanceHeader)) {
      this.servedBy = this.#value(valueFrom, valueTo);
    }
    const name = NAMES.of(bytes, from, nameTo);
    if (name === undefined) return true;
    const fault = this.#takeKnown(name, bytes, valueFrom, valueTo);
    if (fault !== undefined) this.fault = fault;
    else if (OF_ONE_HOP.has(name)) this.#drop(from, next);
    return fault === undefined;
  }

  finish(): void {
    this.text += this.#source.slice(this.#keptTo);
    const { options } = this.#framing;
    if (options.length > 0) this.text = withoutFields(this.text, (name) => options.includes(name));
  }

  #drop(from: number, next: number): void {
    this.untouched = false;
    this.text += this.#source.slice(this.#keptTo, from - this.#offset);
    this.#keptTo = next - this.#offset;
  }

  #takeKnown(name: Name, bytes: Buffer, from: number, to: number): HttpFault | undefined {
    switch (name) {
      case 'host':
        this.hosts += 1;
        return undefined;
      case 'connection':
      case 'content-length':
      case 'transfer-encoding':
        return this.#framing.take(name, bytes, from, to);
      case 'keep-alive':
        this.idleSeconds = keepAliveSeconds(this.#value(from, to));
        return undefined;
      case 'mcp-session-id':
        this.sessionId = this.#value(from, to);
        return undefined;
      case 'mcp-method':
        this.mcpMethod = this.#value(from, to);
        return undefined;
      case 'mcp-name':
        this.mcpName = this.#value(from, to);
        return undefined;
      case 'authorization':
        this.authorization = this.#value(from, to);
        return undefined;
      default:
        return undefined;
    }
  }

  #value(from: number, to: number): string {
    return this.#source.slice(from - this.#offset, to - this.#offset);
  }
}
