import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { H2CClient } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cut, frame, SETTINGS } from '../../../http/http2/frame.case.ts';
import { FLAG, FRAME } from '../../../http/http2/frame.ts';
import { FrameReader } from '../../../http/http2/frame-reader.ts';
import { frameSink } from '../../../http/http2/frame-sink.case.ts';
import { PREFACE } from '../../../http/http2/frame-writer.ts';
import { CodecClient, startNodeServer } from '../../../http/http2/node-peer.case.ts';
import { PLAIN_NOISE, scriptedHttp2 } from '../../../http/http2/responses.case.ts';
import { call } from '../../raw-server.case.ts';
import { http2Driver } from './http2-driver.case.ts';

/** What a client made of one response; `undefined` when it refused it or found it incomplete. */
type Made = { readonly status: number; readonly body: string } | undefined;

const ACK = frame(FRAME.SETTINGS, FLAG.ACK, 0);
const REQUEST = call(1);

/** What the server of this file sends: at first, and in pieces once it has the whole request on stream 1. */
let script: { readonly first: Buffer; readonly pieces: readonly Buffer[] };

/** A reader that calls `onEnd` when a stream ends. */
function readerOfEnds(onEnd: () => void): FrameReader {
  const ended = (end: boolean): undefined => {
    if (end) onEnd();
    return undefined;
  };
  return new FrameReader(
    frameSink({
      headers: (_, _bytes, _from, _to, end) => ended(end),
      data: (_, _bytes, _from, _to, _spent, end) => ended(end),
    }),
  );
}

/** Sends the script, whatever comes, and ends the connection. */
function play(socket: Socket): void {
  const { first, pieces } = script;
  const left = [...pieces];
  const next = (): void => {
    const piece = left.shift();
    if (piece === undefined) socket.end();
    else socket.write(piece, () => setImmediate(next));
  };
  const reader = readerOfEnds(next);
  let preface = PREFACE.length;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    const from = Math.min(preface, bytes.length);
    preface -= from;
    reader.read(bytes, from, bytes.length);
  });
  socket.write(first);
}

let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer(play);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

/** Only a good answer has a body here: what a failed call says is for people. */
async function throughWire(): Promise<Made> {
  const driver = http2Driver(`${url}/mcp`);
  const made = await new Promise<Made>((resolve) => {
    driver.send(
      REQUEST,
      ({ outcome, status, body }) => {
        if (outcome === 'ok') resolve({ status, body: body ?? '' });
        else resolve(outcome === 'http-error' ? { status, body: '' } : undefined);
      },
      true,
    );
  });
  await driver.close();
  return made;
}

function throughNode(): Promise<Made> {
  return new Promise((resolve) => {
    const session = connectHttp2(url);
    const done = (made: Made): void => {
      session.destroy();
      resolve(made);
    };
    session.on('error', () => done(undefined));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/mcp',
      'content-type': 'application/json',
    });
    let status = 0;
    let body = '';
    stream.setEncoding('utf8');
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (text: string) => {
      body += text;
    });
    stream.on('error', () => done(undefined));
    stream.on('aborted', () => done(undefined));
    stream.on('end', () => done({ status, body }));
    stream.end(REQUEST.body);
  });
}

async function throughUndici(): Promise<Made> {
  const client = new H2CClient(url);
  try {
    const response = await client.request({ method: 'POST', path: '/mcp', body: REQUEST.body });
    return { status: response.statusCode, body: await response.body.text() };
  } catch {
    return undefined;
  } finally {
    await client.destroy();
  }
}

/** What the wire driver makes of `made`: it hands on the body of a good answer only. */
const asWire = (made: Made): Made => (made === undefined || made.status < 300 ? made : { ...made, body: '' });

/** How many of `bytes` there are up to the end of the response. */
function lengthOfResponse(bytes: Buffer): number {
  let over = false;
  const reader = readerOfEnds(() => {
    over = true;
  });
  reader.read(SETTINGS, 0, SETTINGS.length);
  let at = 0;
  while (at < bytes.length && !over) {
    reader.read(bytes, at, at + 1);
    at += 1;
  }
  return at;
}

describe('the wire driver beside other clients of HTTP/2', () => {
  it("makes of valid responses what Node's and undici's make of them", async () => {
    await fc.assert(
      fc.asyncProperty(scriptedHttp2(), fc.array(fc.nat(), { maxLength: 6 }), async (response, cuts) => {
        script = { first: SETTINGS, pieces: [ACK, ...cut(response.bytes, cuts)] };
        const { status, body } = response;
        expect(await throughNode()).toEqual({ status, body });
        expect(await throughUndici()).toEqual({ status, body });
        expect(await throughWire()).toEqual(asWire({ status, body }));
      }),
      { numRuns: 100 },
    );
  });

  it('makes of what a server of node:http2 sent what its own client makes of it', async () => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resultType: 'complete', content: [] } });
    const body = text.replace('[]', JSON.stringify([{ type: 'text', text: 'x'.repeat(40_000) }]));
    const node = await startNodeServer(() => ({
      status: 200,
      fields: [
        ['content-type', 'application/json'],
        ['set-cookie', 'a=b'],
        ['set-cookie', 'c=d'],
        ['x-long', 'y'.repeat(20_000)],
      ],
      body,
      trailers: [['x-end', 'yes']],
    }));
    const client = new CodecClient(node);
    await client.request([':method', 'POST', ':scheme', 'http', ':authority', 'a', ':path', '/'], [], 'x');
    client.close();
    node.close();
    const recorded = Buffer.concat(client.received);
    const first = 9 + recorded.readUIntBE(0, 3);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (cuts) => {
        script = { first: recorded.subarray(0, first), pieces: cut(recorded.subarray(first), cuts) };
        expect(await throughNode()).toEqual({ status: 200, body });
        expect(await throughUndici()).toEqual({ status: 200, body });
        expect(await throughWire()).toEqual({ status: 200, body });
      }),
      { numRuns: 20 },
    );
  });

  it("takes no damaged response that Node's client refuses or reads otherwise", async () => {
    const hit = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 4, 5, 8, 9)), fc.nat(2));
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(scriptedHttp2(PLAIN_NOISE), hit, async ({ bytes }, [where, byte, how]) => {
        const at = where % bytes.length;
        const instead = [[byte], [], [byte, bytes[at]!]][how]!;
        const damaged = Buffer.concat([bytes.subarray(0, at), Buffer.from(instead), bytes.subarray(at + 1)]);
        // What lies beyond the response is the connection's affair.
        const own = damaged.subarray(0, lengthOfResponse(damaged));
        script = { first: SETTINGS, pieces: [ACK, own] };
        const made = await throughWire();
        if (made === undefined) refused += 1;
        else expect(asWire(await throughNode())).toEqual(made);
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});
