/** @module What a stream of HTTP/1.1 messages says, read in the plainest way: whole, as text, by regular expressions. What the fast readers are compared with. */

/** A complete message. */
export interface OracleMessage {
  /** `POST /mcp` (without the query), or the status. */
  readonly start: string;
  readonly method: string;
  /** The body's data, one character a byte. */
  readonly data: string;
  /** The body as it came, framing included. */
  readonly raw: string;
}

/**
 * What a reader must make of a stream that ends here. After the last message:
 * - `clean`: nothing, or a message that ends the connection.
 * - `open-head`: a head that is not complete. A reader may refuse it early.
 * - `open-body`: a body that is right so far.
 * - `refused`: no HTTP/1.1 message.
 */
export interface OracleVerdict {
  readonly messages: readonly OracleMessage[];
  /** Where the last complete message ends. */
  readonly length: number;
  readonly end: 'clean' | 'open-head' | 'open-body' | 'refused';
}

/** What a reader of requests asks for beyond RFC 9112. */
export interface RequestRules {
  /** Exactly one Host field. */
  readonly host: boolean;
  /** HTTP/1.0, too. */
  readonly http10: boolean;
}

/** What a reader of answers takes beyond RFC 9112. */
export interface ResponseRules {
  /** `Transfer-Encoding: chunked` more than once. */
  readonly repeats: boolean;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
const VALUE = '[\\t\\x20-\\x7e\\x80-\\xff]';
const REQUEST_LINE = /^([A-Z]{1,20}) (\/[\x21-\x7e]*) HTTP\/1\.([01])$/;
const STATUS_LINE = new RegExp(`^HTTP/1\\.([01]) ([1-9]\\d\\d)(?: ${VALUE}*)?$`);
const FIELD = new RegExp(`^(${TOKEN}+):[\\t ]*(${VALUE}*?)[\\t ]*$`);
const SIZE_LINE = new RegExp(`^([0-9A-Fa-f]{1,11})(?:;${VALUE}*)?\\r\\n`);
const SIZE_LINE_BEGUN = new RegExp(`^(?:[0-9A-Fa-f]{0,11}|[0-9A-Fa-f]{1,11}(?:;${VALUE}*)?\\r?)$`);
const TRAILER_LINE = new RegExp(`^(?:${TOKEN}+:${VALUE}*)?\\r\\n`);
const TRAILER_LINE_BEGUN = new RegExp(`^(?:\\r|${TOKEN}*|${TOKEN}+:${VALUE}*\\r?)$`);

type Stop = OracleVerdict['end'];

interface Head {
  readonly start: string;
  readonly method: string;
  readonly body: number | 'chunked' | 'close';
  readonly persistent: boolean;
  readonly interim: boolean;
}

/** Reads a stream of requests. */
export const oracleRequests = (stream: Buffer, rules: RequestRules): OracleVerdict =>
  readAll(stream.toString('latin1'), (lines) => requestHead(lines, rules));

/** Reads a stream of answers to POST. */
export const oracleResponses = (stream: Buffer, rules: ResponseRules): OracleVerdict =>
  readAll(stream.toString('latin1'), (lines) => responseHead(lines, rules));

function readAll(text: string, readHead: (lines: readonly string[]) => Head | undefined): OracleVerdict {
  const messages: OracleMessage[] = [];
  let rest = text;
  let length = 0;
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return { messages, length, end: 'open-head' };
    const head = readHead(rest.slice(0, headEnd).split('\r\n'));
    if (head === undefined) return { messages, length, end: 'refused' };
    rest = rest.slice(headEnd + 4);
    if (head.interim) continue;
    const body = readBody(head.body, rest);
    if (typeof body === 'string') return { messages, length, end: body };
    messages.push({
      start: head.start,
      method: head.method,
      data: body.data,
      raw: rest.slice(0, body.length),
    });
    rest = rest.slice(body.length);
    length = text.length - rest.length;
    if (!head.persistent) break;
  }
  return { messages, length, end: 'clean' };
}

function requestHead([line, ...fieldLines]: readonly string[], rules: RequestRules): Head | undefined {
  const match = REQUEST_LINE.exec(line!);
  const fields = fieldsOf(fieldLines);
  if (match === null || fields === undefined) return undefined;
  const [, method, target, minor] = match;
  if (minor === '0' && !rules.http10) return undefined;
  if (rules.host && fields.filter(([name]) => name === 'host').length !== 1) return undefined;
  const framing = framingOf(fields, minor!);
  if (framing === undefined) return undefined;
  const { length = 0, persistent } = framing;
  const start = `${method} ${target!.split('?')[0]}`;
  return { start, method: method!, body: length, persistent, interim: false };
}

function responseHead([line, ...fieldLines]: readonly string[], rules: ResponseRules): Head | undefined {
  const match = STATUS_LINE.exec(line!);
  const fields = fieldsOf(fieldLines);
  if (match === null || fields === undefined) return undefined;
  const framing = framingOf(fields, match[1]!, rules.repeats);
  if (framing === undefined) return undefined;
  const status = Number(match[2]);
  const interim = status < 200;
  if (status === 101 || (interim && !framing.persistent)) return undefined;
  const body = interim || status === 204 || status === 304 ? 0 : (framing.length ?? 'close');
  return {
    start: match[2]!,
    method: '',
    body,
    persistent: framing.persistent && body !== 'close',
    interim,
  };
}

function fieldsOf(lines: readonly string[]): readonly (readonly [string, string])[] | undefined {
  const matches = lines.map((line) => FIELD.exec(line));
  if (matches.includes(null)) return undefined;
  return matches.map((match) => [match![1]!.toLowerCase(), match![2]!] as const);
}

/** `length` is undefined when no field frames a body. */
function framingOf(
  fields: readonly (readonly [string, string])[],
  minor: string,
  repeats = false,
): { readonly length?: number | 'chunked'; readonly persistent: boolean } | undefined {
  const framings = fields.filter(([name]) => name === 'content-length' || name === 'transfer-encoding');
  const options = fields
    .filter(([name]) => name === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((option) => option.trim());
  if (options.some((option) => ['host', 'content-length', 'transfer-encoding'].includes(option)))
    return undefined;
  const persistent = !options.includes('close') && (minor === '1' || options.includes('keep-alive'));
  if (framings.length === 0) return { persistent };
  const [name, value] = framings[0]!;
  const again = framings
    .slice(1)
    .every(([other, text]) => other === name && text.toLowerCase() === 'chunked');
  if (framings.length > 1 && !(repeats && again && name === 'transfer-encoding')) return undefined;
  if (name === 'content-length') {
    return /^\d{1,15}$/.test(value) ? { length: Number(value), persistent } : undefined;
  }
  return minor === '1' && value.toLowerCase() === 'chunked' ? { length: 'chunked', persistent } : undefined;
}

/** The data, and how long it is with its framing. */
function readBody(
  body: Head['body'],
  rest: string,
): { readonly data: string; readonly length: number } | Stop {
  if (body === 'close') return { data: rest, length: rest.length };
  if (body === 'chunked') return readChunked(rest);
  return rest.length < body ? 'open-body' : { data: rest.slice(0, body), length: body };
}

function readChunked(text: string): { readonly data: string; readonly length: number } | Stop {
  let data = '';
  let at = 0;
  for (;;) {
    const line = SIZE_LINE.exec(text.slice(at));
    if (line === null) return SIZE_LINE_BEGUN.test(text.slice(at)) ? 'open-body' : 'refused';
    at += line[0].length;
    const size = Number.parseInt(line[1]!, 16);
    if (size === 0) break;
    data += text.slice(at, at + size);
    at += size;
    const end = text.slice(at, at + 2);
    if (!'\r\n'.startsWith(end)) return 'refused';
    if (end !== '\r\n') return 'open-body';
    at += 2;
  }
  for (;;) {
    const line = TRAILER_LINE.exec(text.slice(at));
    if (line === null) return TRAILER_LINE_BEGUN.test(text.slice(at)) ? 'open-body' : 'refused';
    at += line[0].length;
    if (line[0] === '\r\n') return { data, length: at };
  }
}
