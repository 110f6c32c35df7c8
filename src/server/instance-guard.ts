/** @module The guard of an instance: how it starts and where its clients reach it; and what the parent asks of an instance. */
import type { Server } from 'node:net';
import type { Guard, GuardQuestion } from '../guard/guard.ts';
import type { CollectionTimes } from '../process/collections.ts';
import type { CatalogueChange, CatalogueQuestion } from './catalogue-change.ts';
import type { InjectedDelay } from './injected-delay.ts';
import { type InstanceInput, type InstanceReady, listen, MCP_PATH } from './instance.ts';

/** The guard that an instance is started with; undefined: it checks nothing. Its code takes long to load, and is loaded only where there is one. */
export async function guardOf({ guard }: InstanceInput): Promise<Guard | undefined> {
  if (guard === undefined) return undefined;
  const { createGuard } = await import('../guard/create-guard.ts');
  return createGuard(guard);
}

/** Listens as {@link listen} does. Until `guard` is told another URL, clients reach the instance directly. */
export async function listenGuarded(server: Server, guard: Guard | undefined): Promise<InstanceReady> {
  const port = await listen(server);
  await guard?.ask({ kind: 'resource', url: `http://127.0.0.1:${port}${MCP_PATH}` });
  return { port };
}

/** What the parent can ask for. */
export interface Askable {
  readonly delay: InjectedDelay;
  readonly guard: Guard | undefined;
  /** The collections of garbage of the process so far. */
  readonly collections: () => CollectionTimes;
  /** Changes what the instance offers, and tells clients when `change` says so. A version that it has already changes nothing. Throws an error when it cannot. */
  readonly change: (change: CatalogueChange) => void;
}

/** Answers the parent: a question to the guard, a change of the catalogue (answered by its version), the collections so far, or `{ slowUs }`. */
export async function askInstance(
  message: unknown,
  { delay, guard, collections, change }: Askable,
): Promise<unknown> {
  const question = message as
    | GuardQuestion
    | CatalogueQuestion
    | { readonly kind: 'collections' }
    | { readonly kind?: undefined };
  if (question.kind === undefined) return delay.ask(message);
  if (question.kind === 'collections') return collections();
  if (question.kind === 'catalogue') {
    change(question.change);
    return question.change.version;
  }
  if (guard === undefined) throw new Error('this instance has no guard to ask');
  return guard.ask(question);
}
