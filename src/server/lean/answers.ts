/** @module Answers of the lean server: prebuilt text with the id, the timing and the text of a tool filled in. All plain ASCII. */
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { PROTOCOL_VERSION } from '../../protocol/stateless.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { type InstanceInput, SERVER_INFO } from '../instance.ts';
import { serverTiming, type Timing } from '../server-timing.ts';
import type { Tool } from '../tools.ts';
import type { Refusal } from './message.ts';

/** Writes answers of one instance. */
export interface Answers {
  /** `result` of a request, as {@link Results} makes it. */
  result(id: string | number, result: string, timing: Timing): string;
  refusal(refusal: Refusal, timing: Timing): string;
  /** An answer without a body. */
  empty(status: number, timing: Timing): string;
}

/** Every value's JSON in plain ASCII, so that a text is as long as its bytes. */
function asciiJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (/^[\0-\x7f]*$/.test(json)) return json;
  return json.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The answers of instance `instance`. */
export function createAnswers(instance: string): Answers {
  const date = dateLine();
  const heads = new Map<number, string>();
  const headOf = (status: number): string => {
    let head = heads.get(status);
    if (head === undefined) {
      const allow = status === 405 ? 'Allow: POST\r\n' : '';
      head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${allow}x-served-by: ${instance}\r\n`;
      heads.set(status, head);
    }
    return head;
  };
  const http = (status: number, body: string, timing: Timing): string => {
    const nowUs = systemClock.now();
    const type = body === '' ? '' : 'Content-Type: application/json\r\n';
    return `${headOf(status)}${type}${date(nowUs)}Server-Timing: ${serverTiming(timing, nowUs)}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  return {
    result: (id, result, timing) =>
      http(200, `{"jsonrpc":"2.0","id":${asciiJson(id)},"result":${result}}`, timing),
    refusal: ({ status, id, code, message, data }, timing) =>
      http(status, asciiJson({ jsonrpc: '2.0', id, error: { code, message, data } }), timing),
    empty: (status, timing) => http(status, '', timing),
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

/** The `result` members, as JSON text, that stay the same for the life of the instance. */
export interface Results {
  readonly discover: string;
  readonly toolsList: string;
  text(text: string, isError: boolean): string;
}

/** The results of an instance that offers `tools`. */
export function createResults(input: InstanceInput, tools: readonly Tool[]): Results {
  const common = {
    resultType: 'complete',
    _meta: { 'io.modelcontextprotocol/serverInfo': SERVER_INFO },
  };
  const cacheable = { ...common, ttlMs: input.tools.ttlMs, cacheScope: input.tools.cacheScope };
  const listed = tools.map(({ name, description, schema }) => ({
    name,
    description,
    inputSchema: z.toJSONSchema(schema, { io: 'input' }),
  }));
  const open = asciiJson(common).slice(0, -1);
  return {
    discover: asciiJson({
      supportedVersions: [PROTOCOL_VERSION],
      capabilities: { tools: {} },
      ...cacheable,
    }),
    toolsList: asciiJson({ tools: listed, ...cacheable }),
    text: (text, isError) =>
      `${open},"content":[{"type":"text","text":${asciiJson(text)}}]${isError ? ',"isError":true' : ''}}`,
  };
}
