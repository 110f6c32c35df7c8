import { getEventListeners, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scratch } from '../../units/scratch.case.ts';
import { askSocket } from './haproxy-socket.ts';

/** A socket on which `greet` gets every connection. */
async function listening(greet: (socket: Socket) => void): Promise<string> {
  const path = join(scratch(), 'stats.sock');
  const server = createServer({ allowHalfOpen: true }, greet).listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return path;
}

describe('a question over the stats socket', () => {
  it('is answered with everything until the end', async () => {
    const path = await listening((socket) => {
      socket.on('data', (chunk: Buffer) => {
        socket.write('you asked: ');
        socket.end(chunk);
      });
    });
    expect(await askSocket(path, 'show info')).toBe('you asked: show info\n');
  });

  it('leaves no listener on its signal, with and without an answer', async () => {
    const path = await listening((socket) => void socket.end('Uptime_sec: 1\n'));
    const { signal } = new AbortController();
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await expect(askSocket(join(scratch(), 'none.sock'), 'show info', signal)).rejects.toThrow('ENOENT');
      await askSocket(path, 'show info', signal);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends when its signal is aborted', async () => {
    const path = await listening((socket) => void socket.resume());
    const controller = new AbortController();
    const answer = askSocket(path, 'show info', controller.signal);
    controller.abort();
    await expect(answer).rejects.toThrow('aborted');
  });
});
