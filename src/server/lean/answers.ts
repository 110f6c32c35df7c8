/** @module Answers of the lean server: prebuilt text with the id, the timing and the text of a tool filled in. All plain ASCII. */
import { STATUS_CODES } from 'node:http';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { serverTiming, type Timing } from '../server-timing.ts';
import type { Refusal } from './message.ts';

/** What an answer says of its request in its header fields. */
export interface AnswerContext extends Timing {
  /** The session that the request was made in or has opened; absent: none. */
  readonly sessionId?: string | undefined;
}

/** Writes answers of one instance. */
export interface Answers {
  /** `result` of a request, as JSON text. */
  result(id: string | number, result: string, context: AnswerContext): string;
  refusal(refusal: Refusal, context: AnswerContext): string;
  /** Messages of JSON-RPC, as JSON text, in an event stream that is complete. */
  events(messages: readonly string[], context: AnswerContext): string;
  /** An answer without a body. */
  empty(status: number, context: AnswerContext): string;
  /** JSON that is no message of JSON-RPC; `fields` are further lines of the head, each with its end. */
  json(status: number, body: string, context: AnswerContext, fields?: string): string;
  /** The head of an event stream, which is chunked and goes on until {@link STREAM_END}. */
  stream(context: AnswerContext): string;
}

/** The end of a stream. */
export const STREAM_END = '0\r\n\r\n';

/** A part of a stream, in plain ASCII. */
export const streamChunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Every value's JSON in plain ASCII, so that a text is as long as its bytes. */
export function asciiJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (/^[\0-\x7f]*$/.test(json)) return json;
  return json.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The message with `result`, as JSON text. */
export function resultMessage(id: string | number, result: string): string {
  return `{"jsonrpc":"2.0","id":${asciiJson(id)},"result":${result}}`;
}

/** The answers of instance `instance`, which serves `methods` of HTTP. */
export function createAnswers(instance: string, methods: readonly string[]): Answers {
  const date = dateLine();
  const heads = new Map<number, string>();
  const headOf = (status: number): string => {
    let head = heads.get(status);
    if (head === undefined) {
      const allow = status === 405 ? `Allow: ${methods.join(', ')}\r\n` : '';
      head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${allow}x-served-by: ${instance}\r\n`;
      heads.set(status, head);
    }
    return head;
  };
  const headWith = (status: number, type: string, context: AnswerContext, complete = true): string => {
    const nowUs = systemClock.now();
    const { sessionId } = context;
    const session = sessionId === undefined ? '' : `Mcp-Session-Id: ${sessionId}\r\n`;
    const content = type === '' ? '' : `Content-Type: ${type}\r\n`;
    return `${headOf(status)}${session}${content}${date(nowUs)}Server-Timing: ${serverTiming(context, nowUs, complete)}\r\n`;
  };
  const json = (status: number, body: string, context: AnswerContext, fields = ''): string =>
    `${headWith(status, 'application/json', context)}${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
  return {
    result: (id, result, context) => json(200, resultMessage(id, result), context),
    refusal: ({ status, id, code, message, data }, context) =>
      json(status, asciiJson({ jsonrpc: '2.0', id, error: { code, message, data } }), context),
    events(messages, context) {
      const body = messages.map((message) => `event: message\ndata: ${message}\n\n`).join('');
      const head = headWith(200, 'text/event-stream', context);
      return `${head}Cache-Control: no-cache\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    },
    json,
    empty: (status, context) => `${headWith(status, '', context)}Content-Length: 0\r\n\r\n`,
    stream: (context) =>
      `${headWith(200, 'text/event-stream', context, false)}Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n`,
  };
}

/** The `Date` line, made anew every second. */
function dateLine(): (nowUs: Micros) => string {
  let line = '';
  let until: Micros = 0;
  return (nowUs) => {
    if (nowUs >= until) {
      line = `Date: ${systemClock.date().toUTCString()}\r\n`;
      until = nowUs + 1_000_000;
    }
    return line;
  };
}
