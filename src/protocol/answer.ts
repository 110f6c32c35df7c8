/** @module Finds the JSON-RPC answer in a body: JSON or an event stream. */
import type { Request } from './request.ts';
import { endsWithinEvent, parseEvents } from './sse.ts';

/** A complete HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** A JSON object that came over the wire. */
export type Message = Readonly<Record<string, unknown>>;

/** The format of a body, by its content type. */
export type BodyKind = 'json' | 'events' | 'other';

/** The format that a `Content-Type` names. Parameters and case are ignored. */
export function bodyKind(contentType: string | undefined): BodyKind {
  // These two need no text to be made.
  if (contentType === 'application/json') return 'json';
  if (contentType === 'text/event-stream') return 'events';
  if (contentType === undefined) return 'other';
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'text/event-stream') return 'events';
  return type === 'application/json' || type.endsWith('+json') ? 'json' : 'other';
}

/** The answer to a request in a body, or the reason why there is none. */
export type Found =
  | { readonly message: Message; readonly text: string; readonly problem?: undefined }
  | { readonly message?: undefined; readonly problem: string };

/** The JSON texts that a body may hold: the data of each event, or the body itself. */
function textsOf(answer: Answer): readonly string[] {
  const text = answer.body.toString('utf8');
  return bodyKind(answer.contentType) === 'events'
    ? parseEvents(text).filter((data) => data.trim() !== '')
    : [stripBom(text)];
}

/** The text of a body; of an event stream, the data of its events. */
export function dataOf(answer: Answer): string {
  return textsOf(answer).join(' ');
}

/** The first JSON object in the answer, JSON-RPC or not. */
export function firstObject(answer: Answer): Message | undefined {
  for (const text of textsOf(answer)) {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Message;
  }
  return undefined;
}

/**
 * Finds the answer to `id`, or to its text: servers that return a number as a string are common, and the official clients accept
 * them (`Number(id)`). In an event stream, notifications and requests from the server are skipped. An error without an id
 * counts as the answer when no message carries `id`, because a server that could not read the request does not know its id.
 * Without `checkIds` the first answer counts, whatever its id.
 */
export function findAnswer(answer: Answer, id: string | number, checkIds: boolean): Found {
  const kind = bodyKind(answer.contentType);
  let spare: Found | undefined;
  let problem: string | undefined;
  for (const candidate of textsOf(answer)) {
    const read = readCandidate(candidate, id, checkIds, answer.status);
    if (read.role === 'answer') return { message: read.message, text: candidate };
    if (read.role === 'anonymous-error') spare ??= { message: read.message, text: candidate };
    else if (read.role === 'unusable') problem = read.problem;
    else if (kind !== 'events') problem = 'a JSON-RPC request or notification instead of an answer';
  }
  return (
    spare ?? {
      problem: problem ?? (kind === 'events' ? emptyStream(answer.body.toString('utf8')) : 'an empty body'),
    }
  );
}

function emptyStream(text: string): string {
  return endsWithinEvent(text)
    ? 'the event stream ended within an event: no empty line follows its data'
    : 'the event stream ended without an answer';
}

/**
 * What a text on the wire is to a request:
 * - `answer`: its answer.
 * - `anonymous-error`: an error without an id, see {@link findAnswer}.
 * - `from-server`: a request or notification of the server.
 * - `unusable`: anything else, and why.
 */
type Candidate =
  | { readonly role: 'answer' | 'anonymous-error' | 'from-server'; readonly message: Message }
  | { readonly role: 'unusable'; readonly problem: string };

/** Reads `text`, which came with an answer of HTTP `status` to the request `id`. */
export function readCandidate(
  text: string,
  id: string | number,
  checkIds: boolean,
  status: number,
): Candidate {
  const message = readMessage(text);
  if (typeof message === 'string') return { role: 'unusable', problem: message };
  if ('method' in message) return { role: 'from-server', message };
  if (!checkIds || message['id'] === id || message['id'] === String(id)) return { role: 'answer', message };
  if (isAnonymousError(message, status)) return { role: 'anonymous-error', message };
  return { role: 'unusable', problem: `answer carries id ${showId(message['id'])}, not ${showId(id)}` };
}

/** Whether `text` is a JSON-RPC message. */
export function isMessage(text: string): boolean {
  return typeof readMessage(text) !== 'string';
}

/** The JSON text of the answer to `request`, which a driver returns as the body. `undefined` when there is none. */
export function answerText(
  answer: Answer,
  request: Pick<Request, 'expected'>,
  checkIds: boolean,
): string | undefined {
  if (request.expected.kind !== 'result') return undefined;
  const found = findAnswer(answer, request.expected.id, checkIds);
  return found.message === undefined ? undefined : found.text;
}

/** The same of an answer that is known to be an ordinary successful one, or successful and JSON: it has no need to be parsed again. */
export function goodAnswerText(answer: Answer): string | undefined {
  return textsOf(answer)[0];
}

/** The JSON-RPC message in `text`, or the reason why it is not one. */
export function readMessage(text: string): Message | string {
  if (text.trim() === '') return 'an empty body';
  const value = parseJson(text);
  if (value === undefined) return `not JSON: ${text.slice(0, 60)}`;
  if (Array.isArray(value)) return 'a JSON-RPC batch instead of one answer';
  if (typeof value !== 'object' || value === null) return 'JSON, but not a JSON-RPC message';
  const message = value as Message;
  return message['jsonrpc'] === '2.0' ? message : 'JSON, but not a JSON-RPC 2.0 message';
}

/** Whether the JSON text of an answer repeats the id of its request as text. */
export function hasTextId(body: string): boolean {
  const message = parseJson(body);
  return typeof (message as Message | null | undefined)?.['id'] === 'string';
}

/** The JSON value in `text`; `undefined` when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * True for an error without the id of a request. The Python SDK 1.x writes `"server-error"` when its transport rejects a request
 * before reading it (`mcp/server/streamable_http.py`); later versions write null.
 */
function isAnonymousError(message: Message, status: number): boolean {
  const id = message['id'];
  return 'error' in message && (id === undefined || id === null || (id === 'server-error' && status >= 400));
}

function showId(id: unknown): string {
  if (id === undefined) return '(none)';
  // Not JSON.stringify of any value: a deeply nested one overflows the stack.
  return typeof id === 'string'
    ? JSON.stringify(id.slice(0, 40))
    : typeof id === 'object'
      ? '(not an id)'
      : `${id}`;
}

function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
