import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import type { Driver } from '../driver.ts';
import { type Answer, bare, json, type RawServer, rawServer } from '../raw-server.case.ts';
import { createWireDriver } from './wire.ts';

const REFUSAL = json('', [], '405 Method Not Allowed');
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\n';

describe('the connection of a refused stream', () => {
  let server: RawServer;
  let driver: Driver;

  const serve = async (answer: Answer, connections = 4): Promise<void> => {
    server = await rawServer(answer);
    driver = createWireDriver({
      url: server.url,
      connections,
      timeoutUs: 60e6,
      checkIds: true,
      clock: systemClock,
      instanceHeader: 'x-served-by',
      tls: { insecure: true },
    });
  };

  /** Asks for a stream, and waits for its end. */
  const ask = (): Promise<readonly unknown[]> =>
    new Promise((resolve) => {
      const told: unknown[] = [];
      driver.open(bare('GET'), {
        onOpen: (status) => told.push(status),
        onEnd: (detail) => resolve([...told, detail]),
      });
    });

  const connectionsUsed = (): readonly number[] => server.received.map(({ connection }) => connection);

  afterEach(async () => {
    await driver.close();
    await server.close();
  });

  it('carries the next request of a stream', async () => {
    await serve((_, socket) => socket.write(REFUSAL));
    for (let session = 0; session < 5; session += 1) expect(await ask()).toEqual([405, undefined]);
    expect(connectionsUsed()).toEqual([0, 0, 0, 0, 0]);
    expect(server.faults).toEqual([]);
  });

  it('is one of as many as the pool begins with at most', async () => {
    await serve((_, socket) => socket.write(REFUSAL), 2);
    await Promise.all([ask(), ask(), ask()]);
    await Promise.all([ask(), ask(), ask()]);
    expect(server.received).toHaveLength(6);
    expect(server.sockets).toHaveLength(4);
  });

  it('belongs to the stream that is opened over it', async () => {
    await serve((request, socket) => socket.write(request.index === 1 ? STREAM : REFUSAL));
    await ask();
    const opened = new Promise((resolve) => {
      driver.open(bare('GET'), { onOpen: resolve, onEnd: () => {} });
    });
    expect(await opened).toBe(200);
    expect(await ask()).toEqual([405, undefined]);
    expect(connectionsUsed()).toEqual([0, 0, 1]);
  });

  it.each([
    ['the server says that it closes it', json('', ['Connection: close'], '405 Method Not Allowed')],
    ['something lies beyond the refusal', `${REFUSAL}surplus`],
    ['the body has no length', 'HTTP/1.1 405 Method Not Allowed\r\n\r\n'],
    ['the stream was no refusal', `${STREAM}: hello\n\n`],
  ])('is not used again when %s', async (_, answer) => {
    await serve((__, socket) => {
      socket.write(answer);
      if (!answer.includes('Length')) socket.end();
    });
    await ask();
    await ask();
    expect(connectionsUsed()).toEqual([0, 1]);
  });

  it.each(['ends', 'resets'])('is replaced when the server %s it instead of answering', async (how) => {
    await serve((request, socket) => {
      if (request.index !== 1) socket.write(REFUSAL);
      else if (how === 'ends') socket.end();
      else socket.resetAndDestroy();
    });
    expect(await ask()).toEqual([405, undefined]);
    expect(await ask()).toEqual([405, undefined]);
    expect(connectionsUsed()).toEqual([0, 0, 1]);
  });

  it('is replaced once only', async () => {
    await serve((request, socket) => (request.index === 0 ? socket.write(REFUSAL) : socket.end()));
    await ask();
    expect(await ask()).toEqual([expect.stringContaining('closed without an answer')]);
    expect(connectionsUsed()).toEqual([0, 0, 1]);
  });

  it('is closed when the server speaks on it unasked', async () => {
    await serve((request, socket) => {
      socket.write(REFUSAL);
      if (request.index === 0) setImmediate(() => socket.write('220 ready\r\n'));
    });
    await ask();
    await new Promise<void>((resolve) => server.sockets[0]!.once('close', resolve));
    expect(await ask()).toEqual([405, undefined]);
    expect(connectionsUsed()).toEqual([0, 1]);
  });
});
