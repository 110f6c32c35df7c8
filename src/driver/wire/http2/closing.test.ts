import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { frame, SETTINGS } from '../../../http/http2/frame.case.ts';
import { FLAG, FRAME } from '../../../http/http2/frame.ts';
import { literalFields } from '../../../http/http2/hpack-encoder.ts';
import type { Driver } from '../../driver.ts';
import { call } from '../../raw-server.case.ts';
import { http2Driver } from './http2-driver.case.ts';

const RESULT = '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}';
const EVENTS = `data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\ndata: ${RESULT}\n\n`;

/** A whole answer on the stream `id`. */
const answer = (id: number, type: string, text: string): Buffer =>
  Buffer.concat([
    frame(FRAME.HEADERS, FLAG.END_HEADERS, id, literalFields([':status', '200', 'content-type', type])),
    frame(FRAME.DATA, FLAG.END_STREAM, id, Buffer.from(text)),
  ]);

describe('a wire driver that is closed while it reads answers over HTTP/2', () => {
  let server: Server;

  /** A driver whose three calls are answered by one write. */
  async function drive(type: string, text: string): Promise<Driver> {
    const answers = Buffer.concat([answer(1, type, text), answer(3, type, text), answer(5, type, text)]);
    server = createServer((socket) => {
      let received = '';
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
        if (received.split('tools/call').length > 3) socket.write(answers);
      });
      socket.write(SETTINGS);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return http2Driver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  }

  afterEach(() => {
    server.close();
  });

  it.each([
    ['by a reply', 'application/json', RESULT, ['ok', 'aborted', 'aborted']],
    // The answer of the first call was complete.
    ['by a message before the answer', 'text/event-stream', EVENTS, ['aborted', 'aborted', 'ok']],
  ])('%s aborts the other calls of the same read', async (by, type, text, expected) => {
    const driver = await drive(type, text);
    const outcomes: string[] = [];
    let closed: Promise<void> | undefined;
    const close = (): void => {
      closed ??= driver.close();
    };
    await new Promise<void>((resolve) => {
      for (let i = 0; i < 3; i += 1) {
        driver.send(
          call(1),
          ({ outcome }) => {
            if (outcomes.push(outcome) === 3) resolve();
            if (by === 'by a reply') close();
          },
          false,
          close,
        );
      }
    });
    await closed;
    expect(outcomes).toEqual(expected);
  });
});
