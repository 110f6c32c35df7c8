/** @module Is there an MCP server, and of which era? Asked once before the load. */

import type { Driver, DriverOptions, Reply } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { DRIVER_NAMES, DRIVERS } from '../profile/kinds.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era } from '../profile/settings.ts';
import { detectEra, noEvidence, notMcp } from '../protocol/detect.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { endSession, initialize, isSessionId, parseInitialize } from '../protocol/sessions.ts';
import { discover } from '../protocol/stateless.ts';
import { type Problem, UserError } from '../units/user-error.ts';

export interface ProbeOptions {
  readonly driver: Omit<DriverOptions, 'connections'>;
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
}

/** What a probe found. */
export interface Found {
  readonly era: Era;
  /** How the instance that answered names itself, if it does. */
  readonly instance: string | undefined;
}

/**
 * Finds the era that the server at the URL speaks. A given era is only checked: the server must answer it in JSON-RPC.
 * Throws a `UserError` when nothing answers, when what answers is not MCP, or when it wants a token.
 */
export async function probe({ driver: options, era, headers }: ProbeOptions): Promise<Found> {
  // Nothing is known of the server before this, so it goes the way that the load will go.
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
      if (found !== 'try-sessions') throw faultAt(options, reply, found.problem);
    }
    return await greet(driver, headers, options);
  } finally {
    await driver.close();
  }
}

/** The way to the server. */
type Way = Pick<DriverOptions, 'url' | 'proxy'>;

function ask(driver: Driver, request: Parameters<Driver['send']>[0]): Promise<Reply> {
  return new Promise((resolve) => driver.send(request, resolve, true));
}

async function greet(driver: Driver, headers: ProbeOptions['headers'], way: Way): Promise<Found> {
  const reply = await ask(driver, initialize('probe-2', headers));
  const found = confirm('sessions', reply, way);
  const answer = parseInitialize(reply.body ?? '');
  if (answer === undefined) {
    throw faultAt(way, reply, notMcp('the answer to initialize is not an initialize result'));
  }
  if (reply.sessionId !== undefined && isSessionId(reply.sessionId)) {
    await ask(driver, endSession({ id: reply.sessionId, protocolVersion: answer.protocolVersion, headers }));
  }
  return found;
}

/** What `reply` shows, when it is one that a server of that era gives; throws otherwise. */
function confirm(era: Era, reply: Reply, way: Way): Found {
  const fault = noEvidence(reply);
  if (fault !== undefined) throw faultAt(way, reply, fault);
  const speaks: readonly Outcome[] = ['ok', 'tool-error', 'input-required', 'task'];
  // A static responder or an older server may not know server/discover; it does speak JSON-RPC.
  if (speaks.includes(reply.outcome) || (era === 'stateless' && reply.outcome === 'rpc-error'))
    return { era, instance: reply.servedBy };
  throw faultAt(way, reply, notMcp(reply.detail ?? reply.outcome));
}

/** Without an answer, the proxy is as much in question as the server. */
function faultAt({ url, proxy }: Way, { status, detail }: Reply, fault: Omit<Problem, 'where'>): UserError {
  const where = withoutSecretParameters(url);
  if (status !== 0) return new UserError({ where, ...fault });
  if (proxy !== undefined) {
    const todo = 'is target.proxy right, does it let you through, and is this the address of the server?';
    return new UserError({ where, ...fault, todo });
  }
  // So most servers that speak TLS end a plain request.
  const closed = url.startsWith('http:') && detail?.startsWith('closed without an answer') === true;
  const hint = closed ? { todo: `${fault.todo}. If it speaks TLS, its URL begins with https://` } : {};
  return new UserError({ where, ...fault, ...hint });
}
