/** @module Free ports for programs that cannot report a port assigned by the system. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { StartError } from './start-error.ts';

const ATTEMPTS = 5;

/** A port of 127.0.0.1 on which no process listened when it was checked. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs `start` with a free port; retries with another one when the command did not start because another process had taken the port. */
export async function onFreePort<Started>(
  start: (port: number) => Promise<Started>,
  find: () => Promise<number> = freePort,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await find();
    try {
      return await start(port);
    } catch (error) {
      if (attempt === ATTEMPTS || !mayLackPort(error) || !(await isTaken(port))) throw error;
    }
  }
}

/** Whether the port may have been taken. A command that exits with 0 found its port free: it went into the background and holds the port itself. */
function mayLackPort(error: unknown): boolean {
  if (!(error instanceof StartError)) return false;
  const { failure } = error;
  return failure.kind === 'late' || failure.exit.code !== 0;
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return false;
}
