/** @module Where the embedded proxy accepts clients: over plain TCP, or over TLS. */
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { acceptIntake, type Intake, streamIntake } from './intake.ts';

export interface Listener {
  readonly server: Server;
  /** Ends connections that no client has yet, such as those in a handshake. */
  end(): void;
}

/** A server that does not listen yet, with the certificate and key in `pemFile` or, without it, without TLS. Calls `onClient` for each connection. */
export function listenerOf(pemFile: string | undefined, onClient: (intake: Intake) => void): Listener {
  if (pemFile !== undefined) return secureListener(readFileSync(pemFile, 'utf8'), onClient);
  const options = { noDelay: true, pauseOnConnect: true };
  const server = createServer(options, (accepted) => onClient(acceptIntake(accepted)));
  return { server, end: () => {} };
}

function secureListener(pem: string, onClient: (intake: Intake) => void): Listener {
  const raw = new Set<Socket>();
  const options = { cert: pem, key: pem, noDelay: true, ALPNProtocols: ['http/1.1'] };
  const server = createSecureServer(options, (socket) => onClient(streamIntake(socket)));
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.on('close', () => raw.delete(socket));
  });
  return {
    server,
    end() {
      for (const socket of raw) socket.destroy();
    },
  };
}
