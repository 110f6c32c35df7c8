/** @module Requests of cacheable methods as bytes, and servers whose answers say how long they may be kept. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CacheSettings } from '../../../profile/settings.ts';
import { PROTOCOL_VERSION } from '../../../protocol/stateless.ts';
import { VirtualClock } from '../../../units/virtual-clock.ts';
import { ask, proxyTo, RawClient, upstream } from '../peers.case.ts';
import type { ReverseProxy } from '../proxy.ts';
import { GatewayCache } from './gateway-cache.ts';
import { type Received, received } from './received.case.ts';

export const SETTINGS: CacheSettings = {
  honour: true,
  at: 'gateway',
  singleFlight: false,
  jitter: 0,
  staleIfErrorUs: 0,
  subscribe: false,
};

/** A request, and how its message differs from a plain `tools/list`. */
export interface Sent {
  readonly id?: unknown;
  readonly method?: string;
  /** The method in the header. Default: that of the message. */
  readonly named?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** `Authorization`. */
  readonly token?: string;
  /** Fields, each closed by CR LF. */
  readonly fields?: string;
}

const META = { _meta: { 'io.modelcontextprotocol/protocolVersion': PROTOCOL_VERSION } };

/** The JSON text of a message. */
export const message = ({ id = 1, method = 'tools/list', params = {} }: Sent = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...META, ...params } });

/** The bytes of a request. */
export function request(sent: Sent = {}): string {
  const { method = 'tools/list', named = method, token, fields = '', params } = sent;
  const name = method === 'resources/read' ? `mcp-name: ${String(params?.['uri'])}\r\n` : '';
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
  return ask(message(sent), `mcp-method: ${named}\r\n${name}${authorization}${fields}`);
}

/** A message that came in, and its token. */
export interface Seen {
  readonly id: string | number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
}

/** Answers a message; the default is {@link answered}. */
export type Respond = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void;

/** Ends `response` with `message`. */
export function json(response: ServerResponse, message: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-served-by': 'i0' });
  response.end(JSON.stringify(message));
}

/** Ends it with a stream of `messages`. */
export function events(response: ServerResponse, messages: readonly unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-served-by': 'i0' });
  for (const each of messages) response.write(`event: message\ndata: ${JSON.stringify(each)}\n\n`);
  response.end();
}

/** The answer to the message with `id`, whose result is complete and has `members`. */
export const answerTo = (id: unknown, members: Readonly<Record<string, unknown>>) => ({
  jsonrpc: '2.0',
  id,
  result: { resultType: 'complete', ...members },
});

/** Ends it with such an answer to `seen`. */
export function answered(
  response: ServerResponse,
  { id }: Pick<Seen, 'id'>,
  members: Readonly<Record<string, unknown>>,
  status = 200,
): void {
  json(response, answerTo(id, members), status);
}

/** Results that differ in each answer: `{"n": 1}`, `{"n": 2}` ... */
export function numbered(hints: Readonly<Record<string, unknown>>): Respond {
  let n = 0;
  return (seen, response) => {
    n += 1;
    answered(response, seen, { n, ...hints });
  };
}

/** A gateway with a cache before one server, on a clock that the test moves. */
export interface Bed {
  readonly proxy: ReverseProxy;
  readonly clock: VirtualClock;
  readonly cache: GatewayCache;
  /** What reached the server. */
  readonly seen: Seen[];
  /** The server is gone. */
  stop(): Promise<void>;
  /** Sends a request on a connection of its own; resolves to the whole answer. */
  get(sent?: Sent): Promise<Received>;
}

export async function bed(respond: Respond, settings: Partial<CacheSettings> = {}): Promise<Bed> {
  const clock = new VirtualClock();
  const cache = new GatewayCache({ ...SETTINGS, ...settings }, '/mcp', 1, clock);
  const seen: Seen[] = [];
  const listener: RequestListener = async (incoming, response) => {
    const { id, method, params } = JSON.parse(await text(incoming));
    const token = incoming.headers.authorization?.replace('Bearer ', '');
    seen.push({ id, method, params, token });
    respond(seen.at(-1)!, response, incoming);
  };
  const { port, stop } = await upstream(listener);
  const proxy = await proxyTo([port], 'round-robin', { cache });
  const get = async (sent: Sent = {}): Promise<Received> => {
    const client = new RawClient(proxy.port).send(
      request({ ...sent, fields: `${sent.fields ?? ''}connection: close\r\n` }),
    );
    await client.ended;
    return received(client.text);
  };
  return { proxy, clock, cache, seen, stop, get };
}
