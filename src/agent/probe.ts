/** @module Is there an MCP server, and of which era? Asked once before the load. */

import type { Driver, DriverOptions, Reply } from '../driver/driver.ts';
import { createUndiciDriver } from '../driver/undici.ts';
import type { Era } from '../profile/settings.ts';
import { detectEra } from '../protocol/detect.ts';
import { endSession, initialize, parseInitialize } from '../protocol/sessions.ts';
import { discover } from '../protocol/stateless.ts';
import { type Fault, UserFault } from '../units/fault.ts';

export interface ProbeOptions {
  readonly driver: Omit<DriverOptions, 'connections'>;
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The era that the server at the URL speaks. A given era is only checked: the server must answer it in JSON-RPC.
 * Throws a `UserFault` when nothing answers, when what answers is not MCP, or when it wants a token.
 */
export async function probe({ driver: options, era, headers }: ProbeOptions): Promise<Era> {
  const driver = createUndiciDriver({ ...options, connections: 1 });
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
      if (found === 'stateless') return 'stateless';
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

async function greet(driver: Driver, headers: ProbeOptions['headers'], url: string): Promise<Era> {
  const reply = await ask(driver, initialize('probe-2', headers));
  const answer = parseInitialize(reply.body ?? '');
  if (reply.outcome === 'ok' && answer === undefined) {
    throw new UserFault(notMcp(url, 'the answer to initialize is not an initialize result'));
  }
  const era = confirm('sessions', reply, url);
  if (reply.sessionId !== undefined) {
    const context = { id: reply.sessionId, protocolVersion: answer!.protocolVersion, headers };
    await ask(driver, endSession(context));
  }
  return era;
}

function confirm(era: Era, reply: Reply, url: string): Era {
  const said = reply.detail ?? reply.outcome;
  switch (reply.outcome) {
    case 'ok':
    case 'tool-error':
    case 'input-required':
    case 'task':
      return era;
    case 'rpc-error':
      // A static responder or an older server may not know the probe's method; it does speak JSON-RPC.
      if (era === 'stateless') return era;
      throw new UserFault(notMcp(url, `initialize was answered with ${said}`));
    case 'unauthorized':
    case 'forbidden':
      throw new UserFault({
        where: url,
        what: `the server wants other credentials (${said})`,
        todo: `give them with --header 'Authorization: Bearer ...' or target.headers`,
      });
    case 'refused':
    case 'reset':
    case 'tls-error':
    case 'timeout':
    case 'aborted':
      throw new UserFault({
        where: url,
        what: `no answer (${said})`,
        todo: 'is the server running, and is this its address?',
      });
    default:
      throw new UserFault(notMcp(url, said));
  }
}

function notMcp(url: string, said: string): Fault {
  return {
    where: url,
    what: `something answers, but not MCP (${said})`,
    expected: 'an MCP endpoint over HTTP, usually with the path /mcp',
    todo: 'check the path of the URL',
  };
}
