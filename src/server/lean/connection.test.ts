import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StreamWriter, serveConnection } from './connection.ts';

/** A socket without a network: what arrives is emitted, what is sent is kept. */
function connect() {
  const sent: string[] = [];
  const state = { ended: false, paused: false, left: 0, writers: [] as StreamWriter[] };
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    setNoDelay: () => {},
    pause: () => {
      state.paused = true;
    },
    resume: () => {
      state.paused = false;
    },
    destroy: () => {},
    write: (text: string, _: string, written?: () => void) => {
      sent.push(text);
      written?.();
      return !text.includes('large');
    },
    end: (text: string, _: string, written?: () => void) => {
      sent.push(text);
      state.ended = true;
      written?.();
    },
  });
  serveConnection(socket as unknown as Socket, {
    answer: (head, body) => {
      const said = `[${head.method} ${head.path} ${body}]`;
      if (head.headers.has('stream')) {
        return {
          opening: '[opening]',
          begin: (writer) => {
            state.writers.push(writer);
            return () => {
              state.left += 1;
            };
          },
        };
      }
      return head.headers.has('slow') ? Promise.resolve(said) : said;
    },
    refuse: (fault) => `[refused ${fault.status}]`,
  });
  return {
    sent,
    state,
    drain: () => socket.emit('drain'),
    close: () => socket.emit('close'),
    arrive: (bytes: string | Buffer) => socket.emit('data', Buffer.from(bytes)),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const post = (body: string, headers = ''): string =>
  `POST /mcp HTTP/1.1\r\nhost: a\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function chunked(body: string, size: number): string {
  const bytes = Buffer.from(body);
  let text = 'POST /mcp HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size).toString('latin1');
    text += `${part.length.toString(16)};x=y\r\n${part}\r\n`;
  }
  return `${text}0\r\ntrailer: z\r\n\r\n`;
}

describe('a connection of the lean server', () => {
  it('answers the same requests in the same order however the bytes are cut', async () => {
    const request = fc.record({
      body: fc.string({ maxLength: 60, unit: 'binary' }),
      kind: fc.constantFrom('length', 'slow', 'chunked'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
        async (requests, cuts) => {
          const wire = Buffer.concat(
            requests.map(({ body, kind }) =>
              kind === 'chunked'
                ? Buffer.from(chunked(body, 7), 'latin1')
                : Buffer.from(post(body, kind === 'slow' ? 'slow: yes\r\n' : '')),
            ),
          );
          const connection = connect();
          let at = 0;
          for (const cut of cuts) {
            connection.arrive(wire.subarray(at, at + cut));
            at += cut;
          }
          if (at < wire.length) connection.arrive(wire.subarray(at));
          await settle();
          expect(connection.sent).toEqual(requests.map(({ body }) => `[POST /mcp ${body}]`));
        },
      ),
    );
  });

  it.each([
    ['a request line that is none', 'HELLO\r\n\r\n', 400],
    ['another version of HTTP', 'GET / HTTP/2.0\r\n\r\n', 505],
    ['a header line without a colon', 'GET / HTTP/1.1\r\nnonsense\r\n\r\n', 400],
    ['a space before the colon', 'GET / HTTP/1.1\r\nhost : a\r\n\r\n', 400],
    ['a folded header line', 'GET / HTTP/1.1\r\nhost: a\r\n b\r\n\r\n', 400],
    ['a bare line feed in a header', 'GET / HTTP/1.1\r\nhost: a\nx: y\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    ['a negative length', 'POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n', 400],
    [
      'a length and a transfer coding',
      'POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
    ['an unknown transfer coding', 'POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n', 501],
    ['a chunk without a size', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n', 400],
    [
      'a chunk longer than its size',
      'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
      400,
    ],
    ['a body beyond the bound', 'POST / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n', 413],
    ['a head beyond the bound', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`, 431],
  ])('refuses %s, and ends', (_, bytes, status) => {
    const connection = connect();
    connection.arrive(bytes);
    connection.arrive(post('never read'));
    expect(connection.sent).toEqual([`[refused ${status}]`]);
    expect(connection.state.ended).toBe(true);
  });

  it.each([
    ['GET / HTTP/1.1\r\nConnection: close', true],
    ['GET / HTTP/1.0', true],
    ['GET / HTTP/1.0\r\nConnection: Keep-Alive', false],
    ['GET / HTTP/1.1', false],
  ])('after %j ends: %s', (head, ends) => {
    const connection = connect();
    connection.arrive(`${head}\r\n\r\n`);
    expect(connection.sent).toEqual(['[GET / ]']);
    expect(connection.state.ended).toBe(ends);
  });

  it('asks for the body when the client waits to be asked', () => {
    const connection = connect();
    connection.arrive('POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n');
    connection.arrive('ok');
    expect(connection.sent).toEqual(['HTTP/1.1 100 Continue\r\n\r\n', '[POST / ok]']);
  });

  it('makes no further answer while the peer does not read', () => {
    const connection = connect();
    connection.arrive(post('large') + post('next'));
    connection.arrive(post('last'));
    expect(connection.sent).toEqual(['[POST /mcp large]']);
    connection.drain();
    expect(connection.sent).toEqual(['[POST /mcp large]', '[POST /mcp next]', '[POST /mcp last]']);
  });

  it('goes on reading while an answer is made, to notice that the peer has gone, and stops when more arrives', async () => {
    const connection = connect();
    connection.arrive(post('first', 'slow: 1\r\n'));
    expect(connection.state.paused).toBe(false);
    connection.arrive(post('second'));
    expect(connection.state.paused).toBe(true);
    await settle();
    expect(connection.state.paused).toBe(false);
    expect(connection.sent).toEqual(['[POST /mcp first]', '[POST /mcp second]']);
  });

  it('writes a stream until it ends, and then answers what came meanwhile', async () => {
    const connection = connect();
    connection.arrive(post('', 'stream: 1\r\n'));
    connection.arrive(post('next'));
    const [writer] = connection.state.writers;
    writer!.write('[event]');
    expect(connection.sent).toEqual(['[opening]', '[event]']);
    await writer!.end('[end]');
    expect(connection.sent.slice(2)).toEqual(['[end]', '[POST /mcp next]']);
    connection.close();
    expect(connection.state.left).toBe(0);
  });

  it('says when the peer of a stream has gone', () => {
    const connection = connect();
    connection.arrive(post('', 'stream: 1\r\n'));
    expect(connection.state.left).toBe(0);
    connection.close();
    expect(connection.state.left).toBe(1);
  });

  it('closes after a stream where the client asks for that', async () => {
    const connection = connect();
    connection.arrive(post('', 'stream: 1\r\nconnection: close\r\n'));
    await connection.state.writers[0]!.end('[end]');
    expect([connection.sent, connection.state.ended]).toEqual([['[opening]', '[end]'], true]);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const connection = connect();
        connection.arrive(`${text}\r\n\r\n`);
        expect(connection.sent.length).toBeGreaterThan(0);
      }),
    );
  });
});
