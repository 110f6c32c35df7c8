/** @module The lean server as a process: one instance on a port of its own. The eras differ in the handler. */
import { createServer, type Socket } from 'node:net';
import type { Served } from '../../process/serve.ts';
import { createInjectedDelay, type InjectedDelay } from '../injected-delay.ts';
import { type InstanceReady, listen } from '../instance.ts';
import { type Handler, serveConnection } from './connection.ts';

/** Serves `handler` on a port of the system's choice. */
export async function serveLean(handler: Handler): Promise<Served<InstanceReady>> {
  const delay = createInjectedDelay();
  const slowed = delayed(handler, delay);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, slowed);
  });
  return {
    ready: { port: await listen(server) },
    ask: (message) => delay.ask(message),
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
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
