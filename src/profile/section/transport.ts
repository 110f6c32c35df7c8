/** @module The keys of `load` about what calls travel over: the version of HTTP, the calls of a connection, and sessions of TLS. */
import type { z } from 'zod';
import { alternatives } from '../../units/words.ts';
import { ENGINE_NAMES, ENGINES } from '../balancer-kinds.ts';
import type { DriverName, HttpChoice, HttpVersion } from '../kinds.ts';
import { unsupportedHttp2, unsupportedPerConnection, unsupportedResume } from '../unsupported.ts';
import { frontOf } from './balancer.ts';
import { choiceOf, httpChoice, versionOf } from './http-choice.ts';
import {
  flag,
  integer,
  isMapping,
  type Mapping,
  mapping,
  type RuleProblem,
  type Violation,
  violationAt,
} from './values.ts';

/** What calls travel over. */
export interface TransportSettings {
  /** Version of HTTP. Absent: over TLS what the server prefers, otherwise 1.1. */
  readonly http?: HttpVersion;
  /** Calls under way at the same time on one connection of HTTP/2. Absent: 100. */
  readonly streams?: number;
  /** Absent: a connection may resume the session of an earlier one. */
  readonly tls?: { readonly resume: boolean };
}

const STREAMS = 100;
/** The keys, for the schema of `load`. */
export const TRANSPORT_KEYS = {
  http: httpChoice().describe(
    'Version of HTTP. `auto`: over TLS what the server prefers (ALPN), otherwise 1.1. `2` over `http` begins without negotiation (prior knowledge); over `https`, a call fails (`tls-error`) when the server does not choose HTTP/2.',
  ),
  streams: integer(1, 1000)
    .optional()
    .describe(
      `HTTP/2: calls that may be under way at the same time on one connection, as far as the server allows. Default ${STREAMS}.`,
    ),
  tls: mapping({
    resume: flag()
      .default(true)
      .describe(
        'Whether a new connection resumes the session of an earlier one, which shortens its handshake. `false`: every connection has a full handshake.',
      ),
  })
    .optional()
    .describe('TLS of connections, where they use it.'),
};

type Transport = z.output<z.ZodObject<typeof TRANSPORT_KEYS>>;

/** The settings, without those that are the default. */
export function completeTransport({ http, streams, tls }: Transport): TransportSettings {
  const version = versionOf(http);
  return {
    ...(version !== undefined && { http: version }),
    ...(streams === undefined || streams === STREAMS ? {} : { streams }),
    ...(tls === undefined || tls.resume ? {} : { tls }),
  };
}

/** What the other end of the connections is. */
interface OtherEnd {
  readonly secured: boolean;
  /** Whether it may speak HTTP/2 when the client asks for it. */
  readonly http2: boolean;
  /** Present of a balancer: how it would speak HTTP/2. */
  readonly todo?: string;
}

/** The other end of a profile; `undefined` when that is not valid. */
function otherEndOf(profile: Mapping): OtherEnd | undefined {
  const front = frontOf(profile);
  if (front !== undefined) return { ...front, todo: front.secured ? OTHER_ENGINE : 'set balancer.tls true' };
  const url = isMapping(profile['target']) ? profile['target']['url'] : undefined;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return { secured: new URL(url).protocol === 'https:', http2: true };
}

const OTHER_ENGINE = `use load.http 1.1, or balancer.engine ${alternatives(ENGINE_NAMES.filter((engine) => ENGINES[engine].http2))}`;

/** Problems of keys that driver or balancer do not support, or that have no effect. */
export function transportRule(profile: Mapping, driver: DriverName): readonly Violation[] {
  const load = isMapping(profile['load']) ? profile['load'] : {};
  const end = otherEndOf(profile);
  const http = choiceOf(load['http']);
  return [
    ...violationAt(['load', 'http'], http === '2' ? (unsupportedHttp2(driver) ?? unspoken(end)) : undefined),
    ...(load['streams'] === undefined
      ? []
      : violationAt(['load', 'streams'], unsupportedHttp2(driver) ?? idleStreams(http, end))),
    ...(load['tls'] === undefined
      ? []
      : violationAt(['load', 'tls'], unsupportedResume(driver) ?? idleTls(end))),
    // Without HTTP/2 it is a rule of `load` alone.
    ...(load['perConnection'] === undefined || !maySpeakHttp2(http, end) || unsupportedPerConnection(driver)
      ? []
      : violationAt(['load', 'perConnection'], unsupportedPerConnection(driver, '2'))),
  ];
}

const maySpeakHttp2 = (http: HttpChoice | undefined, end: OtherEnd | undefined): boolean =>
  http === '2' || (http !== '1.1' && end !== undefined && end.secured && end.http2);

function unspoken(end: OtherEnd | undefined): RuleProblem | undefined {
  if (end === undefined || end.http2) return undefined;
  const what = end.secured ? 'the embedded balancer speaks HTTP/1.1' : 'balancers speak HTTP/2 only over TLS';
  return { what, ...(end.todo !== undefined && { todo: end.todo }) };
}

function idleStreams(http: HttpChoice | undefined, end: OtherEnd | undefined): RuleProblem | undefined {
  const settles = http === 'auto' && end !== undefined && !(end.secured && end.http2);
  if (http !== '1.1' && !settles) return undefined;
  const version = settles
    ? `load.http auto is 1.1 ${end.secured ? 'here' : 'without TLS'}`
    : 'load.http is 1.1';
  return {
    what: `has no effect: ${version}, which carries one call at a time on a connection`,
    todo: 'set load.http 2, or leave it out',
  };
}

function idleTls(end: OtherEnd | undefined): RuleProblem | undefined {
  if (end === undefined || end.secured) return undefined;
  const todo = end.todo === undefined ? 'leave it out' : 'set balancer.tls true, or leave it out';
  return { what: 'has no effect: connections do not use TLS', todo };
}

export const TRANSPORT_DOCS = `
## Connections and HTTP/2

With HTTP/1.1, a connection carries one call at a time: \`load.connections\` are opened before the load, and a call that finds all of them busy
opens another one, up to \`load.maxConnections\`. With HTTP/2, a connection carries up to \`load.streams\` calls at a time, so that
\`connections\` x \`streams\` calls can be under way before another connection is opened. The default of connections does not depend on the version;
\`connections: 4, streams: 25\` is what a typical gateway does as a client. A server may allow fewer streams, and the lower limit holds.

\`load.perConnection\` applies to both versions with the driver \`wire\`. With TLS, each new connection has a handshake, and \`load.tls.resume\` decides whether it
resumes the session of an earlier connection. A load begins with full handshakes, because there is no session to resume yet.
`;
