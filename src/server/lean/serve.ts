/** @module The lean server as a process: one instance on a port of its own. The eras differ in the handler. */
import { createServer, type Socket } from 'node:net';
import type { Guard } from '../../guard/guard.ts';
import { watchCollections } from '../../process/collections.ts';
import type { Served } from '../../process/serve.ts';
import { within } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { createInjectedDelay, type InjectedDelay } from '../injected-delay.ts';
import type { InstanceReady } from '../instance.ts';
import { type Askable, askInstance, listenGuarded } from '../instance-guard.ts';
import { type Handler, serveConnection } from './connection.ts';

/** What the eras differ in. */
export interface LeanServer {
  readonly handler: Handler;
  readonly change: Askable['change'];
  /** Ends what goes on by itself; resolves when its last answers are on their way. */
  readonly end?: () => Promise<void>;
}

/** How long the last answers may take; the process has little more time to stop. */
const END_WITHIN: Micros = 200_000;

/** Serves `handler`, whose requests `guard` checks, on a port of the system's choice. */
export async function serveLean(
  { handler, change, end }: LeanServer,
  guard: Guard | undefined,
): Promise<Served<InstanceReady>> {
  const delay = createInjectedDelay();
  const collections = watchCollections();
  const slowed = delayed(handler, delay);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, slowed);
  });
  return {
    ready: await listenGuarded(server, guard),
    ask: (message) => askInstance(message, { delay, guard, collections, change }),
    stop: async () => {
      server.close();
      if (end !== undefined) await within(END_WITHIN, end());
      for (const socket of sockets) socket.destroy();
      await guard?.stop();
    },
  };
}

/** `handler`, whose answers wait for `delay`. */
function delayed(handler: Handler, delay: InjectedDelay): Handler {
  return {
    ...handler,
    answer(head, body, startedUs, caller) {
      const waited = delay.wait();
      if (waited === undefined) return handler.answer(head, body, startedUs, caller);
      return waited.then(() => handler.answer(head, body, startedUs, caller));
    },
  };
}
