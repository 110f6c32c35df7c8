/** @module Both ends of one connection over TCP, for each test of a file. */
import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type Server,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net';
import { afterEach, beforeEach, vi } from 'vitest';

export interface SocketPair {
  near: Socket;
  far: Socket;
}

/** The pair of the present test; `options`: those of the near end. */
export function socketPairs(options: Partial<TcpNetConnectOpts> = {}): SocketPair {
  const pair = {} as SocketPair;
  let server: Server;
  beforeEach(async () => {
    server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    pair.near = connect({ ...options, port, host: '127.0.0.1' });
    const both = Promise.all([once(server, 'connection'), once(pair.near, 'connect')]);
    [[pair.far]] = (await both) as [[Socket], unknown];
  });
  afterEach(() => {
    pair.near.destroy();
    pair.far.destroy();
    server.close();
  });
  return pair;
}

/** What Node may do instead of giving its binding to streams. */
export const NO_BINDINGS: readonly (readonly [what: string, binding: () => object])[] = [
  [
    'is refused',
    () => {
      throw new Error('access denied');
    },
  ],
  ['lacks what is needed', () => ({})],
];

/** Loads modules anew, while Node answers with `binding` when it is asked for one. */
export async function withBinding<T>(binding: () => object, load: () => Promise<T>): Promise<T> {
  vi.resetModules();
  const real = vi
    .spyOn(process as unknown as { binding: () => object }, 'binding')
    .mockImplementation(binding);
  try {
    return await load();
  } finally {
    real.mockRestore();
    // Later tests of this process load the module again, with the real binding.
    vi.resetModules();
  }
}
