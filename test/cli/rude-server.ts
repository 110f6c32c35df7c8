/** @module Targets that no client wants to meet, on loopback. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface RudeServer extends AsyncDisposable {
  readonly url: string;
}

/** A TCP server that does `greet` with every connection. */
export async function rudeServer(greet: (socket: Socket) => void): Promise<RudeServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers every request on a connection with the same bytes. */
export function answering(bytes: string): (socket: Socket) => void {
  return (socket) => socket.on('data', () => socket.write(bytes));
}

/** A whole HTTP answer. */
export function http(status: string, type: string, body: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
