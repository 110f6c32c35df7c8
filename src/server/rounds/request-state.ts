/** @module `requestState` that a server can trust: signed, bound to who was asked what, and good for some time. Source: MCP 2026-07-28, Multi Round-Trip Requests, Server Requirements. */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import type { Clock } from '../../units/clock.ts';
import type { Millis } from '../../units/time.ts';
import type { ToolRequest } from '../tool-answer.ts';

/** Signs states and reads those that come back. */
export interface StateCodec {
  /** `content` as it goes to the caller of `request`. */
  seal(content: JsonObject, request: ToolRequest): string;
  /** The content of the state in `request`; undefined when it was not made with this key, for this caller and these parameters, or is too old. */
  open(state: unknown, request: ToolRequest): JsonObject | undefined;
}

export interface StateCodecOptions {
  /** Of this instance, or of all. */
  readonly secret: string;
  readonly ttlMs: Millis;
  readonly clock: Pick<Clock, 'date'>;
}

const VERSION = 'v1';

/** States of the form `v1.CONTENT.MAC`. The MAC covers the text, not what it decodes to, so that no other text stands for the same state. */
export function stateCodec({ secret, ttlMs, clock }: StateCodecOptions): StateCodec {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'paceline requestState', 32));
  const now = (): number => clock.date().getTime();
  const macOf = (text: string, request: ToolRequest): string =>
    createHmac('sha256', key).update(text).update('\n').update(bindingOf(request)).digest('base64url');
  return {
    seal(content, request) {
      const text = Buffer.from(JSON.stringify({ content, until: now() + ttlMs })).toString('base64url');
      return `${VERSION}.${text}.${macOf(text, request)}`;
    },
    open(state, request) {
      const [version, text = '', mac = '', ...more] = typeof state === 'string' ? state.split('.') : [];
      if (version !== VERSION || more.length > 0 || !isSame(mac, macOf(text, request))) return undefined;
      const { content, until } = JSON.parse(Buffer.from(text, 'base64url').toString()) as JsonObject;
      return typeof until === 'number' && now() < until && isObject(content) ? content : undefined;
    },
  };
}

/** What a state is bound to: the caller, the method (tools are called with one only), and a digest of its parameters. */
function bindingOf({ params, identity }: ToolRequest): string {
  const asked = canonical({ name: params['name'], arguments: params['arguments'] ?? {} });
  const digest = createHash('sha256').update(JSON.stringify(asked)).digest('base64url');
  return JSON.stringify([identity?.client ?? null, identity?.actor ?? null, 'tools/call', digest]);
}

/** The same value with the members of objects in order: a client may send them in another one. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])]),
  );
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
