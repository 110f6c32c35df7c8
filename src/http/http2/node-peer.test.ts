import { createServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { FRAME_BYTES, FRAME_HEADER_BYTES } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { frameRoom, PREFACE, putData, putHeaders, putSettings, putSettingsAck } from './frame-writer.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { HpackEncoder } from './hpack-encoder.ts';
import { ResponseRules } from './response-rules.ts';

const LARGE = 'x'.repeat(40_000);

it('exchanges a request and its response with a server of node:http2', async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      response.setHeader('x-echo', `${request.method} ${request.url} ${request.headers['x-large']?.length}`);
      response.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const out = Buffer.alloc(200_000);
  let end = PREFACE.copy(out);
  end = putSettings(out, end, { ENABLE_PUSH: 0 });
  const block = new HpackEncoder().head([
    ':method',
    'POST',
    ':scheme',
    'http',
    ':path',
    '/mcp',
    ':authority',
    'localhost',
    'x-large',
    LARGE,
  ]);
  const blockEnd = end + FRAME_HEADER_BYTES + block.copy(out, end + FRAME_HEADER_BYTES);
  expect(frameRoom(block.length, FRAME_BYTES)).toBe(27);
  end = putHeaders(out, end, blockEnd, 1, false, FRAME_BYTES);
  const dataEnd = end + FRAME_HEADER_BYTES + out.write(LARGE, end + FRAME_HEADER_BYTES);
  end = putData(out, end, dataEnd, 1, true, FRAME_BYTES);
  socket.write(out.subarray(0, end));

  const decoder = new HpackDecoder();
  const fields = new Map<string, string>();
  const rules = new ResponseRules({ field: (name, value) => fields.set(name, value) });
  let body = '';
  const fault = await new Promise((resolve) => {
    const reader = new FrameReader({
      headers: (_, bytes, from, to, last) => decoder.decode(bytes, from, to, rules) ?? rules.endBlock(last),
      data: (_, bytes, from, to, _spent, last) => {
        body += bytes.toString('latin1', from, to);
        const fault = rules.data(to - from, last);
        if (last) resolve(fault);
        return fault;
      },
      reset: () => 'status',
      settings: () => {
        const ack = Buffer.alloc(9);
        putSettingsAck(ack, 0);
        socket.write(ack);
        return undefined;
      },
      settingsAcknowledged: () => undefined,
      ping: () => undefined,
      goAway: () => 'status',
      windowUpdate: () => undefined,
    });
    socket.on('data', (bytes) => {
      const fault = reader.read(bytes, 0, bytes.length);
      if (fault !== undefined) resolve(fault);
    });
    socket.on('close', () => resolve('closed'));
  });
  socket.destroy();
  server.close();
  expect(fault).toBe(undefined);
  expect([rules.status, fields.get('x-echo'), body === LARGE]).toEqual([200, 'POST /mcp 40000', true]);
});
