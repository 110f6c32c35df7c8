import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { acceptIntake, connectIntake, type Intake } from './intake.ts';
import { atEnd, rawUpstream } from './peers.case.ts';

/** Resolves with the first `length` bytes that come, as text. */
function text(intake: Intake, length: number): Promise<string> {
  let read = '';
  return new Promise((resolve) => {
    intake.take = (bytes, count) => {
      read += bytes.toString('latin1', 0, count);
      if (read.length >= length) resolve(read);
    };
  });
}

async function acceptOne(): Promise<{
  readonly client: Socket;
  readonly accepted: Socket;
  close(): Promise<unknown>;
}> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  atEnd(() => client.destroy());
  const [accepted] = (await once(server, 'connection')) as [Socket];
  return { client, accepted, close: () => once(server.close(), 'close') };
}

describe('an intake', () => {
  it('of an accepted socket gives what comes, and ends with it', async () => {
    const { client, accepted, close } = await acceptOne();
    const intake = acceptIntake(accepted);
    const read = text(intake, 5);
    client.write('hello');
    expect(await read).toBe('hello');
    expect(intake.socket.remoteAddress).toBe('127.0.0.1');
    client.setEncoding('utf8');
    intake.socket.write('back');
    expect(await once(client, 'data')).toEqual(['back']);
    const ended = once(intake.socket, 'end');
    client.end();
    await ended;
    // The server counts the connection until the intake has closed.
    await close();
  });

  it('gives nothing while its socket is paused', async () => {
    const { client, accepted } = await acceptOne();
    const intake = acceptIntake(accepted);
    atEnd(() => intake.socket.destroy());
    const first = text(intake, 1);
    client.write('a');
    await first;
    intake.socket.pause();
    let early = '';
    intake.take = (bytes, count) => {
      early += bytes.toString('latin1', 0, count);
    };
    await new Promise<void>((resolve) => client.write('b', () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(early).toBe('');
    const second = text(intake, 1);
    intake.socket.resume();
    expect(await second).toBe('b');
  });

  it('of a socket without a handle reads the socket itself, though a server has paused it', async () => {
    const socket = new Socket();
    atEnd(() => socket.destroy());
    socket.pause();
    const intake = acceptIntake(socket);
    expect(intake.socket).toBe(socket);
    const read = text(intake, 5);
    socket.push('hello');
    expect(await read).toBe('hello');
  });

  it('of a connection reads into the same memory as any other', async () => {
    const { port } = await rawUpstream((socket) => socket.end('hello'));
    const buffers = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<Buffer>((resolve) => {
            const intake = connectIntake({ host: '127.0.0.1', port });
            atEnd(() => intake.socket.destroy());
            intake.take = (bytes) => resolve(bytes);
          }),
      ),
    );
    expect(buffers[0] === buffers[1]).toBe(process.platform !== 'win32');
  });
});
