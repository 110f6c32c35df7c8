import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cut, frame, SETTINGS } from '../../../http/http2/frame.case.ts';
import { FLAG, FRAME } from '../../../http/http2/frame.ts';
import { literalFields } from '../../../http/http2/hpack-encoder.ts';
import { call } from '../../raw-server.case.ts';
import { http2Driver } from './http2-driver.case.ts';

const RESULT = '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}';
const CALLS = 4;

/** What a server may send on the stream `id`, in whatever order. */
const parts = (id: number): readonly Buffer[] => [
  frame(
    FRAME.HEADERS,
    FLAG.END_HEADERS,
    id,
    literalFields([':status', '200', 'content-type', 'application/json']),
  ),
  frame(FRAME.DATA, FLAG.END_STREAM, id, Buffer.from(RESULT)),
  frame(FRAME.DATA, 0, id, Buffer.from(RESULT.slice(0, 30))),
  frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, literalFields([':status', '503'])),
  frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, literalFields(['x-end', '1'])),
  frame(FRAME.HEADERS, FLAG.END_HEADERS, id, literalFields([':status', '103'])),
  frame(FRAME.RST_STREAM, 0, id, '00000007'),
  frame(FRAME.RST_STREAM, 0, id, '00000002'),
  frame(FRAME.WINDOW_UPDATE, 0, id, '7fffffff'),
  frame(FRAME.WINDOW_UPDATE, 0, id, '00000001'),
];
const SHARED: readonly Buffer[] = [
  frame(FRAME.GOAWAY, 0, 0, '00000003 00000000'),
  frame(FRAME.GOAWAY, 0, 0, '7fffffff 00000000'),
  frame(FRAME.SETTINGS, 0, 0, '0003 00000001'),
  frame(FRAME.SETTINGS, 0, 0, '0003 00000000'),
  frame(FRAME.SETTINGS, 0, 0, '0004 00000000'),
  frame(FRAME.SETTINGS, 0, 0, '0001 00000000'),
  frame(FRAME.PING, 0, 0, '6161616161616161'),
  frame(FRAME.WINDOW_UPDATE, 0, 0, '00000001'),
  Buffer.from('ffffffffffffffffff', 'hex'),
];
const sent = fc.array(fc.constantFrom(...[1, 3, 5, 7, 9].flatMap(parts), ...SHARED), { maxLength: 14 });

describe('the wire driver over HTTP/2, whatever the server sends', () => {
  let server: Server;
  let script: { readonly first: Buffer; readonly pieces: readonly Buffer[] };
  const thrown: unknown[] = [];
  const onThrown = (error: unknown): void => {
    thrown.push(error);
  };

  beforeAll(async () => {
    process.on('uncaughtException', onThrown);
    server = createServer((socket) => {
      const left = [...script.pieces];
      const next = (): void => {
        const piece = left.shift();
        if (socket.destroyed) return;
        if (piece === undefined) socket.end();
        else socket.write(piece, () => setImmediate(next));
      };
      socket.setNoDelay(true);
      socket.on('error', () => {});
      let asked = false;
      socket.on('data', (bytes) => {
        if (asked || !bytes.includes('tools/call')) return;
        asked = true;
        next();
      });
      socket.write(script.first);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => {
    process.off('uncaughtException', onThrown);
    server.close();
  });

  it('gives each call one reply', async () => {
    await fc.assert(
      fc.asyncProperty(
        sent,
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.nat(5),
        async (frames, cuts, closeAt) => {
          script = { first: SETTINGS, pieces: cut(Buffer.concat([...frames]), cuts) };
          const driver = http2Driver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, {
            timeoutUs: 300_000,
          });
          const replies = Array.from({ length: CALLS }, () => 0);
          let count = 0;
          await new Promise<void>((resolve) => {
            for (let i = 0; i < CALLS; i += 1) {
              driver.send(call(1), () => {
                replies[i]! += 1;
                count += 1;
                if (count === closeAt) void driver.close();
                if (count === CALLS) resolve();
              });
            }
          });
          await driver.close();
          expect(replies).toEqual(replies.map(() => 1));
          expect(thrown).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });
});
