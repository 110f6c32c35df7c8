/** @module Checks, once before the load, whether an MCP server answers, and detects which era it speaks. */
import type { Driver, DriverOptions, Reply } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { DRIVER_NAMES, DRIVERS } from '../profile/kinds.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era, Settings } from '../profile/settings.ts';
import { detectEra, noEvidence, notMcp } from '../protocol/detect.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { endSession, initialize, isSessionId, parseInitialize } from '../protocol/sessions.ts';
import { discover } from '../protocol/stateless.ts';
import { systemClock } from '../units/clock.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** How connections are secured, for the probe as for the load. */
export type TlsOptions = Pick<DriverOptions, 'tls'>;

interface ProbeOptions {
  readonly driver: Omit<DriverOptions, 'connections'>;
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
}

/** The result of a probe. */
interface Found {
  readonly era: Era;
  /** The name of the instance that answered, if it sends one. */
  readonly instance: string | undefined;
}

/** Probes the server at `url`. Rejects as {@link probe} does. */
export type ProbeUrl = (url: string, era: Era | 'auto') => Promise<Found>;

/** Probes servers with the same headers, proxy and options as the load of `settings`. */
export function proberFor({ load, endpoint }: Settings, { tls }: TlsOptions): ProbeUrl {
  const { timeoutUs, checkIds } = load;
  const { instanceHeader } = endpoint;
  const headers = endpoint.kind === 'fleet' ? {} : endpoint.headers;
  const way = endpoint.kind === 'target' && endpoint.proxy !== undefined ? { proxy: endpoint.proxy } : {};
  return (url, era) =>
    probe({
      driver: { url, timeoutUs, checkIds, clock: systemClock, instanceHeader, tls, ...way },
      era,
      headers,
    });
}

/**
 * Detects the era that the server at the URL speaks. If `era` is given, it is only checked: the server must answer in JSON-RPC.
 * Throws a `UserError` when nothing answers, when the answer is not MCP, or when the server requires a token.
 */
async function probe({ driver: options, era, headers }: ProbeOptions): Promise<Found> {
  // If the load goes through a proxy, so does the probe.
  const name = DRIVER_NAMES.find((each) => options.proxy === undefined || DRIVERS[each].proxy)!;
  const create = await loadDriver(name);
  const driver = create({ ...options, connections: 1 });
  try {
    if (era !== 'sessions') {
      const reply = await ask(driver, discover('probe-1', headers));
      if (era === 'stateless') return confirm(era, reply, options);
      const found = detectEra({
        status: reply.status,
        outcome: reply.outcome,
        detail: reply.detail,
        body: reply.body,
      });
      if (found === 'stateless') return { era: found, instance: reply.servedBy };
      if (found !== 'try-sessions') throw errorAt(options, reply, found.problem);
    }
    return await openSession(driver, headers, options);
  } finally {
    await driver.close();
  }
}

/** The route to the server. */
type Way = Pick<DriverOptions, 'url' | 'proxy'>;

function ask(driver: Driver, request: Parameters<Driver['send']>[0]): Promise<Reply> {
  return new Promise((resolve) => driver.send(request, resolve, true));
}

async function openSession(driver: Driver, headers: ProbeOptions['headers'], way: Way): Promise<Found> {
  const reply = await ask(driver, initialize('probe-2', headers));
  const found = confirm('sessions', reply, way);
  const answer = parseInitialize(reply.body ?? '');
  if (answer === undefined) {
    throw errorAt(way, reply, notMcp('the answer to initialize is not an initialize result'));
  }
  if (reply.sessionId !== undefined && isSessionId(reply.sessionId)) {
    await ask(driver, endSession({ id: reply.sessionId, protocolVersion: answer.protocolVersion, headers }));
  }
  return found;
}

/** The result that `reply` proves, if it is an answer that a server of that era gives; throws otherwise. */
function confirm(era: Era, reply: Reply, way: Way): Found {
  const problem = noEvidence(reply);
  if (problem !== undefined) throw errorAt(way, reply, problem);
  const speaks: readonly Outcome[] = ['ok', 'tool-error', 'input-required', 'task'];
  // A static responder or an older server may not implement server/discover, but it speaks JSON-RPC.
  if (speaks.includes(reply.outcome) || (era === 'stateless' && reply.outcome === 'rpc-error'))
    return { era, instance: reply.servedBy };
  throw errorAt(way, reply, notMcp(reply.detail ?? reply.outcome));
}

/** The error for a reply. Without an answer, the cause may be the proxy as well as the server. */
function errorAt(
  { url, proxy }: Way,
  { status, outcome }: Reply,
  problem: Omit<Problem, 'where'>,
): UserError {
  const where = withoutSecretParameters(url);
  if (status !== 0) return new UserError({ where, ...problem });
  if (proxy !== undefined) {
    const todo =
      'is target.proxy correct, does it accept your credentials, and is this the address of the server?';
    return new UserError({ where, ...problem, todo });
  }
  // Most servers that speak TLS close the connection of a plain request.
  const closed = url.startsWith('http:') && outcome === 'reset';
  const hint = closed
    ? { todo: `${problem.todo}. If it speaks TLS, use a URL that begins with https://` }
    : {};
  return new UserError({ where, ...problem, ...hint });
}
