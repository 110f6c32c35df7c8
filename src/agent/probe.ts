/** @module Is there an MCP server, and of which era? Asked once before the load. */

import type { Driver, DriverOptions, Reply } from '../driver/driver.ts';
import { createWireDriver } from '../driver/wire/wire.ts';
import type { Era } from '../profile/settings.ts';
import { detectEra, noEvidence, notMcp } from '../protocol/detect.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { endSession, initialize, isSessionId, parseInitialize } from '../protocol/sessions.ts';
import { discover } from '../protocol/stateless.ts';
import { UserFault } from '../units/fault.ts';

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
 * Throws a `UserFault` when nothing answers, when what answers is not MCP, or when it wants a token.
 */
export async function probe({ driver: options, era, headers }: ProbeOptions): Promise<Found> {
  const driver = createWireDriver({ ...options, connections: 1 });
  try {
    if (era !== 'sessions') {
      const reply = await ask(driver, discover('probe-1', headers));
      if (era === 'stateless') return confirm(era, reply, options.url);
      const found = detectEra({
        status: reply.status,
        outcome: reply.outcome,
        detail: reply.detail,
        body: reply.body,
      });
      if (found === 'stateless') return { era: found, instance: reply.servedBy };
      if (found !== 'try-sessions') throw new UserFault({ where: options.url, ...found.fault });
    }
    return await greet(driver, headers, options.url);
  } finally {
    await driver.close();
  }
}

function ask(driver: Driver, request: Parameters<Driver['send']>[0]): Promise<Reply> {
  return new Promise((resolve) => driver.send(request, resolve, true));
}

async function greet(driver: Driver, headers: ProbeOptions['headers'], url: string): Promise<Found> {
  const reply = await ask(driver, initialize('probe-2', headers));
  const found = confirm('sessions', reply, url);
  const answer = parseInitialize(reply.body ?? '');
  if (answer === undefined) {
    throw new UserFault({ where: url, ...notMcp('the answer to initialize is not an initialize result') });
  }
  if (reply.sessionId !== undefined && isSessionId(reply.sessionId)) {
    await ask(driver, endSession({ id: reply.sessionId, protocolVersion: answer.protocolVersion, headers }));
  }
  return found;
}

/** What `reply` shows, when it is one that a server of that era gives; throws otherwise. */
function confirm(era: Era, reply: Reply, url: string): Found {
  const fault = noEvidence(reply);
  if (fault !== undefined) throw new UserFault({ where: url, ...fault });
  const speaks: readonly Outcome[] = ['ok', 'tool-error', 'input-required', 'task'];
  // A static responder or an older server may not know server/discover; it does speak JSON-RPC.
  if (speaks.includes(reply.outcome) || (era === 'stateless' && reply.outcome === 'rpc-error'))
    return { era, instance: reply.servedBy };
  throw new UserFault({ where: url, ...notMcp(reply.detail ?? reply.outcome) });
}
