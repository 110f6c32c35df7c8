/** @module A process that answers every call with the same result at once: what it costs to call it is the caller's cost. */
import { createServer, type Socket } from 'node:net';
import { type Served, serveParent } from '../../process/serve.ts';
import { type InstanceReady, listen } from '../instance.ts';
import { NullRequests } from './requests.ts';

serveParent(async (): Promise<Served<InstanceReady>> => {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    respond(socket);
  });
  return {
    ready: { port: await listen(server) },
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
});

function respond(socket: Socket): void {
  const requests = new NullRequests();
  socket.on('data', (chunk: Buffer) => {
    const answers = requests.receive(chunk);
    if (requests.ended) socket.end(answers, 'latin1');
    else if (answers !== '' && !socket.write(answers, 'latin1')) {
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
  });
  // A reset by the peer needs no handling; `close` follows.
  socket.on('error', () => socket.destroy());
}
