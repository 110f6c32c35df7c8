/** @module Ports for programs that cannot say which one the system gave them. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { UserError } from '../units/user-error.ts';

const ATTEMPTS = 5;
const TAKEN = /address (is )?already in use|EADDRINUSE/i;

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs `start` with a free port, and again with another when somebody else was faster and it says that the address is in use. */
export async function onFreePort<Started>(
  start: (port: number) => Promise<Started>,
  find: () => Promise<number> = freePort,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await find();
    try {
      return await start(port);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof UserError) || !TAKEN.test(error.message)) throw error;
    }
  }
}
