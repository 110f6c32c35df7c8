/** @module The guard of an instance: how it starts, where its clients reach it, and what the parent asks. */
import type { Server } from 'node:net';
import { createGuard } from '../guard/create-guard.ts';
import type { Guard, GuardQuestion } from '../guard/guard.ts';
import type { InjectedDelay } from './injected-delay.ts';
import { type InstanceInput, type InstanceReady, listen, MCP_PATH } from './instance.ts';

/** The guard that an instance is started with; undefined: it checks nothing. */
export async function guardOf({ guard }: InstanceInput): Promise<Guard | undefined> {
  return guard && createGuard(guard);
}

/** Listens as {@link listen} does. Until `guard` is told another URL, clients reach the instance directly. */
export async function listenGuarded(server: Server, guard: Guard | undefined): Promise<InstanceReady> {
  const port = await listen(server);
  await guard?.ask({ kind: 'resource', url: `http://127.0.0.1:${port}${MCP_PATH}` });
  return { port };
}

/** Answers the parent: a question to the guard, or `{ slowUs }`. */
export async function askInstance(
  message: unknown,
  delay: InjectedDelay,
  guard: Guard | undefined,
): Promise<unknown> {
  const { kind } = message as Partial<GuardQuestion>;
  if (kind === undefined) return delay.ask(message);
  if (guard === undefined) throw new Error('this instance has no guard to ask');
  return guard.ask(message as GuardQuestion);
}
