/** @module How real MCP servers behave, as small servers, and what a load of each has to say. Each is a public report or a package of npm. */

import { LOST } from './lost.ts';
import type { Row } from './row.ts';
import {
  answerOf,
  event,
  good,
  type Handle,
  json,
  keeping,
  type Message,
  oldServer,
  openEvents,
  rpcError,
  text,
} from './server.ts';
import { mirroring, onlyTools } from './stateless.ts';
import { heartbeat, noisy, pinging, polling } from './streams.ts';

const WIRE_AND_UNDICI = ['wire', 'undici'] as const;

/** Two instances behind a balancer in turn, or by its cookie; `named` gives the value of `x-served-by`. */
function twoInstances(named: (instance: number) => string, setsCookie: boolean): Handle {
  const owners = new Map<string, number>();
  let turn = 0;
  return oldServer(({ message, session, headers }, response) => {
    const cookie = /LB=(\d)/.exec(headers.cookie ?? '')?.[1];
    const instance = cookie === undefined ? turn++ % 2 : Number(cookie);
    const own = {
      'x-served-by': named(instance),
      ...(setsCookie && { 'set-cookie': `LB=${instance}; Path=/` }),
    };
    if (message.method === 'initialize') {
      const id = `s${owners.size + 1}`;
      owners.set(id, instance);
      json(response, 200, answerOf(message), { ...own, 'mcp-session-id': id });
    } else if (owners.get(session) === instance) json(response, 200, answerOf(message), own);
    else json(response, 404, rpcError(null, -32001, 'Session not found'), own);
  });
}

/** Four pages of tools. */
const paginated = (): Handle =>
  oldServer(({ message }, response) => {
    if (message.method !== 'tools/list') {
      json(response, 200, answerOf(message));
      return;
    }
    const page = Number(message.params?.['cursor'] ?? 0);
    const result = { tools: [{ name: `t${page}` }], ...(page < 3 && { nextCursor: String(page + 1) }) };
    json(response, 200, { jsonrpc: '2.0', id: message.id, result });
  });

/** One session for the whole life of the server. */
function singleSession(): Handle {
  let minted = false;
  return oldServer(({ message, session }, response) => {
    if (message.method === 'initialize') {
      if (minted) json(response, 400, rpcError(null, -32600, 'Invalid Request: Server already initialized'));
      else json(response, 200, answerOf(message), { 'mcp-session-id': 'only' });
      minted = true;
    } else if (session === 'only') json(response, 200, answerOf(message));
    else json(response, 404, rpcError(null, -32001, 'Session not found'));
  });
}

const typeOfId = (answer: (id: Message['id']) => Message['id'] | undefined): Handle =>
  oldServer(({ message }, response) => {
    const id = answer(message.id);
    if (id !== undefined) json(response, 200, answerOf(message, id));
  });

const NO_SESSIONS = { opened: 0 } as const;

export const ROWS: readonly Row[] = [
  ...LOST,
  {
    name: '404 with -32601 to server/discover',
    serve: () => (received, response) => {
      const { message, httpMethod } = received;
      const known = ['initialize', 'tools/list', 'tools/call'].includes(message.method ?? '');
      const isNew = received.headers['mcp-protocol-version'] === '2026-07-28';
      if (httpMethod !== 'POST') response.writeHead(405).end();
      else if (message.id === undefined) response.writeHead(202).end();
      else if (isNew || !known) json(response, 404, rpcError(message.id, -32601, 'Method not found'));
      else json(response, 200, answerOf(message));
    },
    sessions: NO_SESSIONS,
    notes: ['no-sessions'],
  },
  {
    name: 'ping in the middle of a call',
    serve: pinging,
    drivers: WIRE_AND_UNDICI,
    sessions: { lost: 0, failed: 0 },
    notes: ['other-requests'],
  },
  {
    name: 'ping on the GET stream',
    serve: heartbeat,
    // A session whose agent does not answer ends after 300 ms.
    profile: ['load.duration: 600ms'],
    drivers: WIRE_AND_UNDICI,
    sessions: { lost: 0 },
    notes: ['other-requests'],
  },
  {
    name: 'a stream that is closed before the answer (SEP-1699)',
    serve: polling,
    drivers: WIRE_AND_UNDICI,
    sessions: { lost: 0 },
    notes: ['other-requests'],
  },
  {
    name: 'a GET stream that ends at once',
    serve: () =>
      keeping(good, ({ httpMethod }, response) => {
        if (httpMethod !== 'GET') return false;
        text(response, 200, 'POST to this address');
        return true;
      }),
    // An agent opens its stream again after a second.
    profile: ['agents: { cookies: keep }', 'load.duration: 1200ms'],
    sessions: { lost: 0 },
    notes: ['other-requests'],
  },
  {
    name: 'a GET stream that is answered with 404',
    serve: () =>
      keeping(good, ({ httpMethod }, response) => {
        if (httpMethod !== 'GET') return false;
        text(response, 404, 'Cannot GET /mcp');
        return true;
      }),
    sessions: { lost: 0, opened: 4 },
  },
  {
    name: 'one session for the whole server',
    serve: singleSession,
    profile: ['load.agents: 1'],
    sessions: { opened: 1 },
  },
  {
    name: 'x-served-by of a CDN',
    serve: () => twoInstances(() => 'cache-fra-eddf8230042-FRA', false),
    outcomes: ['ok', 'session-lost'],
    sessions: { ownerHitRate: null },
    notes: ['instances-unknown'],
  },
  {
    name: 'affinity by cookie, kept',
    serve: () => twoInstances((instance) => `node${instance}`, true),
    drivers: WIRE_AND_UNDICI,
    sessions: { lost: 0, ownerHitRate: 1 },
    notes: ['cookies'],
  },
  {
    name: 'affinity by cookie, dropped',
    serve: () => twoInstances((instance) => `node${instance}`, true),
    profile: ['agents: { cookies: drop }'],
    outcomes: ['ok', 'session-lost'],
    notes: ['cookies'],
  },
  {
    name: 'ids that must be numbers',
    serve: () => typeOfId((id) => (typeof id === 'number' ? id : undefined)),
  },
  { name: 'ids that are read as numbers', serve: () => typeOfId((id) => (typeof id === 'number' ? id : 0)) },
  { name: 'ids that come back as text', serve: () => typeOfId((id) => String(id)), notes: ['ids-as-text'] },
  { name: 'four pages of tools', serve: paginated, counts: false, notes: ['list-pages'] },
  {
    name: 'an event stream that stays open',
    serve: () =>
      oldServer(({ message }, response) => void openEvents(response).write(event(answerOf(message)))),
    drivers: WIRE_AND_UNDICI,
  },
  { name: 'an event stream with everything in it', serve: noisy, drivers: WIRE_AND_UNDICI },
  {
    name: 'at most eight sessions',
    serve: () => {
      const live = new Set<string>();
      return keeping(good, ({ httpMethod, message, session }, response) => {
        if (httpMethod === 'DELETE') live.delete(session);
        if (message.method !== 'initialize' || live.size < 8) return false;
        json(response, 503, rpcError(null, -32603, 'Too many open sessions'));
        return true;
      });
    },
    sessions: { failed: 0 },
  },
  {
    name: 'a rate limit',
    serve: () => {
      let calls = 0;
      return oldServer((received, response) => {
        if (received.message.method === 'initialize' || calls++ < 5) good(received, response);
        else json(response, 429, { error: 'too_many_requests' }, { 'retry-after': '10' });
      });
    },
    outcomes: ['ok', 'http-error'],
    detail: /^429 Too Many Requests: .*too_many_requests/,
  },
  {
    name: 'the page of a gateway in place of every fourth answer',
    serve: () => {
      let calls = 0;
      return oldServer((received, response) => {
        if (received.message.method === 'initialize' || calls++ % 4 > 0) good(received, response);
        else text(response, 502, '<html><body><h1>502 Bad Gateway</h1></body></html>', 'text/html');
      });
    },
    outcomes: ['ok', 'http-error'],
    detail: /^502 Bad Gateway$/,
  },
  {
    name: 'an older version, and 400 to any other',
    serve: () =>
      oldServer(({ message, headers }, response) => {
        const isFirst = message.method === 'initialize';
        const older = JSON.stringify(answerOf(message)).replace('2025-11-25', '2025-03-26');
        if (!isFirst && headers['mcp-protocol-version'] !== '2025-03-26') text(response, 400, 'Unsupported');
        else json(response, 200, JSON.parse(older));
      }),
  },
  {
    name: '200 and null to notifications',
    serve: () =>
      oldServer(good, ({ httpMethod, message }, response) => {
        if (httpMethod !== 'POST' || message.id !== undefined) return false;
        json(response, 200, null);
        return true;
      }),
    sessions: { handshakesBroken: 0 },
  },
  {
    name: '202 and text to notifications',
    serve: () =>
      oldServer(good, ({ httpMethod, message }, response) => {
        if (httpMethod !== 'POST' || message.id !== undefined) return false;
        text(response, 202, 'Accepted');
        return true;
      }),
    sessions: { handshakesBroken: 0 },
  },
  {
    name: 'nothing but tools/list and tools/call',
    serve: () => onlyTools,
    profile: ['target.era: stateless'],
    drivers: ['wire', 'undici', 'autocannon'],
  },
  {
    name: 'a parameter that is wanted in a header field',
    serve: () => mirroring,
    drivers: ['wire', 'undici', 'autocannon'],
  },
];
