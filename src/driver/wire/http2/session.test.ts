import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FLAG } from '../../../http/http2/frame.ts';
import {
  type Asked,
  answer,
  data,
  type FrameServer,
  frame,
  frameServer,
  goAway,
  head,
  reset,
  resultOf,
  settings,
  windowUpdate,
} from '../../../http/http2/frame-server.case.ts';
import { literalFields } from '../../../http/http2/hpack-encoder.ts';
import { exchange } from '../../driver.case.ts';
import type { Driver, DriverOptions, Reply } from '../../driver.ts';
import { bare, call } from '../../raw-server.case.ts';
import { http2Driver } from './http2-driver.case.ts';

const OK = { outcome: 'ok', detail: undefined, status: 200 };
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a connection of HTTP/2', () => {
  let server: FrameServer;
  let driver: Driver;

  const start = async (
    onAsked: (asked: Asked) => void,
    { first, ...options }: Partial<DriverOptions> & { first?: Buffer } = {},
  ): Promise<void> => {
    server = await frameServer(onAsked, first);
    driver = drive(server.url, options);
  };
  const drive = (url: string, options: Partial<DriverOptions> = {}): Driver => http2Driver(url, options);
  const ask = (id: number, text?: string): Promise<Reply> => exchange(driver, call(id, text));
  /** Answers the first request with `bytes` and the others as it should be. Returns the replies to two calls in turn. */
  const first = async (bytes: (asked: Asked) => Buffer): Promise<readonly [Reply, Reply]> => {
    let asked = 0;
    await start((request) => {
      request.peer.socket.write(asked === 0 ? bytes(request) : answer(request));
      asked += 1;
    });
    return [await ask(1), await ask(2)];
  };

  afterEach(async () => {
    await driver.close();
    await server?.close();
  });

  it('carries many calls at a time, whose answers come in any order', async () => {
    const held: Asked[] = [];
    await start((asked) => {
      held.push(asked);
      if (held.length === 80) for (const each of held.reverse()) each.peer.socket.write(answer(each));
    });
    const replies = await Promise.all(range(80).map((id) => ask(id)));
    for (const reply of replies) expect(reply).toMatchObject(OK);
    expect(server.peers).toHaveLength(1);
  });

  it('sends the requests of one turn in one piece', async () => {
    const reads: number[] = [];
    await start((asked) => void asked.peer.socket.write(answer(asked)));
    await driver.warm();
    server.peers[0]!.socket.on('data', (bytes: Buffer) => reads.push(bytes.length));
    await Promise.all(range(30).map((id) => ask(id)));
    // The acknowledged settings may come before.
    expect(reads.filter((length) => length > 100)).toHaveLength(1);
  });

  it('reads answers byte by byte, with padding, CONTINUATION, PRIORITY and unknown frames', async () => {
    const block = literalFields([':status', '200', 'content-type', 'application/json', 'x-served-by', 'i-7']);
    const padded = (payload: Buffer): Buffer => Buffer.concat([Buffer.from([5]), payload, Buffer.alloc(5)]);
    await start(({ stream, id, peer }) => {
      const priority = Buffer.concat([Buffer.from([0, 0, 0, 0, 9]), block.subarray(0, 8)]);
      const bytes = Buffer.concat([
        Buffer.from([0, 0, 1, 0x77, 0xff, 0, 0, 0, 9, 1]),
        frame('PRIORITY', 0, stream, Buffer.from([0, 0, 0, 0, 9])),
        frame('HEADERS', FLAG.PADDED | FLAG.PRIORITY, stream, padded(priority)),
        frame('CONTINUATION', 0, stream, block.subarray(8, 9)),
        frame('CONTINUATION', FLAG.END_HEADERS, stream, block.subarray(9)),
        frame('DATA', FLAG.PADDED, stream, padded(Buffer.from(resultOf(id).slice(0, 9)))),
        frame('DATA', FLAG.PADDED, stream, Buffer.from([0])),
        frame('DATA', FLAG.PADDED | FLAG.END_STREAM, stream, padded(Buffer.from(resultOf(id).slice(9)))),
      ]);
      void (async () => {
        for (const byte of bytes)
          await new Promise((resolve) => peer.socket.write(Buffer.from([byte]), resolve));
      })();
    });
    for (const id of range(3)) expect(await ask(id)).toMatchObject({ ...OK, servedBy: 'i-7' });
  });

  it('takes interim heads and trailers', async () => {
    const [reply] = await first(({ stream, id }) =>
      Buffer.concat([
        head(stream, [':status', '103', 'link', '</a>']),
        head(stream),
        data(stream, resultOf(id), false),
        head(stream, ['x-sum', '1'], true),
      ]),
    );
    expect(reply).toMatchObject(OK);
  });

  it('takes fields that the table of the server has', async () => {
    const added = Buffer.concat([
      Buffer.from([0x88, 0x40]),
      literalFields(['x-served-by', 'i-1']).subarray(1),
    ]);
    const type = literalFields(['content-type', 'application/json']);
    await start(({ stream, id, peer }) => {
      const block = id === 0 ? added : Buffer.from([0x88, 0xbe]);
      peer.socket.write(frame('HEADERS', FLAG.END_HEADERS, stream, Buffer.concat([block, type])));
      peer.socket.write(data(stream, resultOf(id)));
    });
    for (const id of range(3)) expect(await ask(id)).toMatchObject({ ...OK, servedBy: 'i-1' });
  });

  it.each([
    ['an answer without a status', ({ stream }: Asked) => head(stream, ['x', 'y'], true), /:status/],
    [
      'an upper-case name',
      ({ stream }: Asked) => head(stream, [':status', '200', 'X-A', 'y'], true),
      /upper-case/,
    ],
    [
      'Connection',
      ({ stream }: Asked) => head(stream, [':status', '200', 'connection', 'close'], true),
      /HTTP\/1.1/,
    ],
    ['DATA before the head', ({ stream }: Asked) => data(stream, 'x'), /before the head/],
    [
      'a wrong Content-Length',
      ({ stream }: Asked) =>
        Buffer.concat([head(stream, [':status', '200', 'content-length', '9']), data(stream, 'x')]),
      /Content-Length/,
    ],
    [
      'trailers that do not end the stream',
      ({ stream }: Asked) => Buffer.concat([head(stream), head(stream, ['a', 'b'])]),
      /trailers/,
    ],
    ['WINDOW_UPDATE by zero', ({ stream }: Asked) => windowUpdate(stream, 0), /by zero/],
  ])('ends one call, not its connection, on %s', async (_, bytes, detail) => {
    const [reply, next] = await first(bytes);
    expect(reply).toMatchObject({
      outcome: 'malformed',
      cause: 'not-http',
      detail: expect.stringMatching(detail),
    });
    expect(next).toMatchObject(OK);
    expect(server.peers).toHaveLength(1);
  });

  it.each([
    ['a frame that is too long', () => Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]), 'FRAME_SIZE_ERROR'],
    ['DATA on stream 0', () => data(0, 'x'), 'PROTOCOL_ERROR'],
    ['a head on a stream that nobody opened', () => head(77), 'PROTOCOL_ERROR'],
    [
      'PUSH_PROMISE',
      ({ stream }: Asked) => frame('PUSH_PROMISE', FLAG.END_HEADERS, stream, '\0\0\0\x02'),
      'PROTOCOL_ERROR',
    ],
    [
      'a field of no table',
      ({ stream }: Asked) => frame('HEADERS', FLAG.END_HEADERS, stream, '\xff\x50'),
      'COMPRESSION_ERROR',
    ],
    [
      'a head without end',
      ({ stream }: Asked) =>
        Buffer.concat([
          frame('HEADERS', 0, stream, '\x88'),
          ...range(20).map(() => frame('CONTINUATION', 0, stream, '')),
        ]),
      'ENHANCE_YOUR_CALM',
    ],
    ['a window over its limit', () => windowUpdate(0, 2 ** 31 - 1), 'FLOW_CONTROL_ERROR'],
    ['server push', () => settings({ ENABLE_PUSH: 1 }), 'PROTOCOL_ERROR'],
    [
      'padding longer than its frame',
      ({ stream }: Asked) => frame('DATA', FLAG.PADDED, stream, '\xff\x01'),
      'PROTOCOL_ERROR',
    ],
  ])('ends the connection on %s, and says why', async (_, bytes, error) => {
    const [reply, next] = await first(bytes);
    expect(reply).toMatchObject({ outcome: 'malformed', cause: 'not-http' });
    expect(next).toMatchObject(OK);
    expect(server.peers).toHaveLength(2);
    await server.peers[0]!.heard(`goaway ${error}`);
  });

  it('sends a body as the windows allow, and goes on with other calls meanwhile', async () => {
    await start((asked) => void asked.peer.socket.write(answer(asked)), {
      first: settings({ INITIAL_WINDOW_SIZE: 1000 }),
    });
    await driver.warm();
    const large = ask(1, 'x'.repeat(100_000));
    const [peer] = server.peers;
    await peer!.heard('data 1000');
    expect(await ask(2)).toMatchObject(OK);
    const before = peer!.received;
    // Smaller than what was sent already: the window of the open stream is below zero.
    peer!.socket.write(settings({ INITIAL_WINDOW_SIZE: 100 }));
    peer!.socket.write(windowUpdate(1, 900));
    peer!.socket.write(frame('PING', 0, 0, 'mark-one'));
    await peer!.heard('ping ack mark-one');
    expect(peer!.received).toBe(before);
    peer!.socket.write(settings({ INITIAL_WINDOW_SIZE: 150_000 }));
    await peer!.heard('data 65535');
    peer!.socket.write(windowUpdate(0, 100_000));
    expect(await large).toMatchObject(OK);
  });

  it('takes an answer that comes before the request is complete, and gives up the rest', async () => {
    await start((asked) => void asked.peer.socket.write(answer(asked)), {
      first: settings({ INITIAL_WINDOW_SIZE: 10 }),
    });
    const early = ask(1, 'x'.repeat(1000));
    while (server.peers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [peer] = server.peers;
    await peer!.heard('data 10');
    peer!.socket.write(Buffer.concat([head(1), data(1, resultOf(1)), reset(1, 'NO_ERROR')]));
    expect(await early).toMatchObject(OK);
    await peer!.heard('reset 1 CANCEL');
    peer!.socket.write(settings({ INITIAL_WINDOW_SIZE: 65_535 }));
    expect(await ask(2)).toMatchObject(OK);
    expect(server.peers).toHaveLength(1);
  });

  it('has as many calls under way as the server allows, which may change', async () => {
    const held: Asked[] = [];
    await start((asked) => void held.push(asked), { first: settings({ MAX_CONCURRENT_STREAMS: 2 }) });
    const replies = range(6).map((id) => ask(id));
    const until = async (count: number): Promise<void> => {
      while (held.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(2);
    const { peer } = held[0]!;
    peer.socket.write(frame('PING', 0, 0, 'mark-one'));
    await peer.heard('ping ack mark-one');
    expect(held).toHaveLength(2);
    peer.socket.write(settings({ MAX_CONCURRENT_STREAMS: 4 }));
    await until(4);
    peer.socket.write(settings({ MAX_CONCURRENT_STREAMS: 1 }));
    for (const asked of held.splice(0)) peer.socket.write(answer(asked));
    for (const _ of range(2)) {
      await until(1);
      peer.socket.write(frame('PING', 0, 0, 'mark-two'));
      await peer.heard('ping ack mark-two');
      expect(held).toHaveLength(1);
      peer.socket.write(answer(held.pop()!));
    }
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject(OK);
    expect(server.peers).toHaveLength(1);
  });

  it('grants windows again as they are used', async () => {
    const part = 'x'.repeat(16_384);
    await start(({ stream, peer }) => {
      peer.socket.write(head(stream));
      for (const _ of range(600)) peer.socket.write(data(stream, part, false));
      peer.socket.write(data(stream, '', true));
    });
    expect(await ask(1)).toMatchObject({ outcome: 'malformed' });
    await server.peers[0]!.heard('window stream');
    expect(server.peers[0]!.said.filter((what) => what === 'window connection')).toHaveLength(2);
  });

  it('answers PING, and acknowledges settings', async () => {
    await start((asked) => {
      asked.peer.socket.write(frame('PING', 0, 0, '12345678'));
      asked.peer.socket.write(answer(asked));
    });
    expect(await ask(1)).toMatchObject(OK);
    await server.peers[0]!.heard('ping ack 12345678');
    expect(server.peers[0]!.said).toContain('settings ack');
  });

  it('cancels the stream of a call that times out, and keeps the connection', async () => {
    await start(({ id, stream, peer }) => void (id > 0 && peer.socket.write(answer({ id, stream }))), {
      timeoutUs: 150_000,
    });
    expect(await ask(0)).toMatchObject({ outcome: 'timeout', detail: 'no answer within 150 ms' });
    await server.peers[0]!.heard('reset 1 CANCEL');
    expect(await ask(1)).toMatchObject(OK);
    expect(server.peers).toHaveLength(1);
  });

  it('replaces a connection that is stuck within a frame, once a call timed out and nothing had come', async () => {
    await start(
      ({ id, stream, peer }) => {
        const whole = answer({ id, stream });
        if (server.peers.length > 1) peer.socket.write(whole);
        else if (id === 0) peer.socket.write(whole.subarray(0, -1));
      },
      { timeoutUs: 150_000 },
    );
    // During this call a part of the frame came.
    expect(await ask(0)).toMatchObject({ outcome: 'timeout', status: 200 });
    expect(server.peers).toHaveLength(1);
    expect(await ask(1)).toMatchObject({ outcome: 'timeout', detail: 'no answer within 150 ms' });
    await server.peers[0]!.heard('goaway NO_ERROR');
    for (const id of range(3)) expect(await ask(id)).toMatchObject(OK);
    expect(server.peers).toHaveLength(2);
  });

  it('replaces a connection on which nothing comes at all', async () => {
    await start((asked) => void asked.peer.socket.write(answer(asked)), {
      timeoutUs: 150_000,
      first: Buffer.alloc(0),
    });
    for (const id of range(2)) {
      expect(await ask(id)).toMatchObject({ outcome: 'timeout', detail: 'no connection within 150 ms' });
      expect(server.peers).toHaveLength(1);
    }
    const third = ask(2);
    await vi.waitFor(() => expect(server.peers).toHaveLength(2), { interval: 1 });
    server.peers[1]!.socket.write(settings({}));
    expect(await third).toMatchObject(OK);
  });

  it('ends a call whose event stream stays open, and keeps the connection', async () => {
    await start(({ id, stream, peer }) => {
      peer.socket.write(head(stream, [':status', '200', 'content-type', 'text/event-stream']));
      peer.socket.write(data(stream, `data: ${resultOf(id)}\n\n`, false));
    });
    for (const id of range(3)) expect(await ask(id)).toMatchObject(OK);
    await server.peers[0]!.heard('reset 5 CANCEL');
    expect(server.peers).toHaveLength(1);
  });

  it.each([
    ['CANCEL', 'reset', 1],
    ['INTERNAL_ERROR', 'reset', 1],
    ['NO_ERROR', 'reset', 1],
    ['REFUSED_STREAM', 'reset', 2],
  ] as const)('tells that the server reset the stream: %s', async (error, outcome, sent) => {
    const ids: number[] = [];
    await start(({ id, stream, peer }) => {
      ids.push(id);
      peer.socket.write(id === 0 ? reset(stream, error) : answer({ id, stream }));
    });
    const reply = await ask(0);
    expect(reply).toMatchObject({ outcome, detail: expect.stringContaining(`${error} 127.0.0.1:`) });
    expect(ids).toEqual(range(sent).map(() => 0));
    expect(await ask(1)).toMatchObject(OK);
    expect(server.peers).toHaveLength(1);
  });

  it('sends calls again that the server did not process, once, on another connection', async () => {
    const asked: number[] = [];
    let resent = 0;
    await start(
      ({ id, stream, peer }) => {
        asked.push(id);
        const connection = server.peers.indexOf(peer);
        if (connection > 0) peer.socket.write(answer({ id, stream }));
        else if (id === 4) {
          // Streams 1, 3 and 5 are processed, 7 and 9 are not.
          peer.socket.write(goAway(5));
          for (const each of range(3)) peer.socket.write(answer({ stream: 2 * each + 1, id: each }));
          peer.socket.end();
        }
      },
      {
        onResent: () => {
          resent += 1;
        },
      },
    );
    const replies = await Promise.all(range(5).map((id) => ask(id)));
    for (const reply of replies) expect(reply).toMatchObject(OK);
    expect(asked).toEqual([0, 1, 2, 3, 4, 3, 4]);
    expect(resent).toBe(2);
    expect(await ask(5)).toMatchObject(OK);
    expect(server.peers).toHaveLength(2);
  });

  it('gives up a call that two connections did not process', async () => {
    const asked: number[] = [];
    await start(({ id, peer }) => {
      asked.push(id);
      peer.socket.end(goAway(0, 'ENHANCE_YOUR_CALM'));
    });
    expect(await ask(1)).toMatchObject({
      outcome: 'reset',
      detail: expect.stringContaining('GOAWAY ENHANCE_YOUR_CALM'),
    });
    expect(asked).toEqual([1, 1]);
  });

  it('never sends a call again that may have been processed', async () => {
    const asked: number[] = [];
    await start(({ id, peer }) => {
      asked.push(id);
      if (asked.length === 3) peer.socket.end(goAway(5));
    });
    const replies = await Promise.all(range(3).map((id) => ask(id)));
    for (const reply of replies) expect(reply).toMatchObject({ outcome: 'reset' });
    expect(asked).toEqual([0, 1, 2]);
  });

  it('gives up calls when no connection takes any', async () => {
    await start(() => {}, { first: Buffer.concat([settings({}), goAway(0)]) });
    const replies = await Promise.all(range(3).map((id) => ask(id)));
    for (const reply of replies) expect(reply.outcome).toMatch(/refused|reset/);
  });

  it.each([
    ['one after the other', 1, 7, [3, 3, 1]],
    ['at the same time', 7, 7, [3, 3, 1]],
  ])(
    'replaces a connection after as many calls as it may carry, %s',
    async (_, together, calls, expected) => {
      const counts: number[] = [];
      await start(
        (asked) => {
          const connection = server.peers.indexOf(asked.peer);
          counts[connection] = (counts[connection] ?? 0) + 1;
          asked.peer.socket.write(answer(asked));
        },
        { perConnection: 3 },
      );
      for (let from = 0; from < calls; from += together)
        await Promise.all(range(together).map(async (i) => expect(await ask(from + i)).toMatchObject(OK)));
      expect(counts).toEqual(expected);
    },
  );

  it('says so when the server answers in HTTP/1.1', async () => {
    const plain = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    driver = drive(`http://127.0.0.1:${(plain.address() as AddressInfo).port}/mcp`);
    const reply = await ask(1);
    plain.close();
    plain.closeAllConnections();
    expect(reply).toMatchObject({
      outcome: 'malformed',
      cause: 'http1-only',
      status: 0,
      detail: expect.stringMatching(/^the server answers in HTTP\/1.1, not HTTP\/2: "HTTP\/1.1 400/),
    });
  });

  it('tells the end of a long-lived stream, and closes its connection', async () => {
    await start(({ stream, peer }) => {
      peer.socket.write(head(stream, [':status', '200', 'content-type', 'text/event-stream']));
      peer.socket.write(reset(stream, 'INTERNAL_ERROR'));
    });
    const detail = await new Promise((resolve) => {
      driver.open(bare('GET'), { onOpen: () => {}, onEnd: resolve });
    });
    expect(detail).toContain('INTERNAL_ERROR');
  });

  it('ends every call once within its deadline, whatever the frames', async () => {
    const damage = fc.record({
      where: fc.double({ min: 0, max: 0.999, noNaN: true }),
      byte: fc.nat(255),
      how: fc.constantFrom('change', 'drop', 'insert'),
      cuts: fc.array(fc.nat(200), { maxLength: 6 }),
    });
    let next: { bytes: (whole: Buffer) => Buffer; cuts: readonly number[] } | undefined;
    await start(
      ({ stream, id, peer }) => {
        const whole = Buffer.concat([head(stream), data(stream, resultOf(id))]);
        const bytes = next === undefined ? whole : next.bytes(whole);
        void (async () => {
          let at = 0;
          for (const cut of [...(next?.cuts ?? []), bytes.length]) {
            if (peer.socket.destroyed) return;
            await new Promise((resolve) => peer.socket.write(bytes.subarray(at, at + cut), resolve));
            at += cut;
          }
        })();
      },
      { timeoutUs: 60_000 },
    );
    await fc.assert(
      fc.asyncProperty(damage, async ({ where, byte, how, cuts }) => {
        next = {
          cuts,
          bytes: (whole) => {
            const at = Math.floor(where * whole.length);
            const instead = how === 'change' ? [byte] : how === 'drop' ? [] : [byte, whole[at]!];
            return Buffer.concat([whole.subarray(0, at), Buffer.from(instead), whole.subarray(at + 1)]);
          },
        };
        const replies = await Promise.all(range(5).map((id) => ask(id)));
        for (const { outcome } of replies)
          expect(outcome).toMatch(
            /^(ok|malformed|reset|timeout|http-error|rpc-error|tool-error|input-required|task|unauthorized|forbidden|session-lost)$/,
          );
      }),
      { numRuns: 60 },
    );
    next = undefined;
    // A frame whose length was damaged takes the answers of later calls for its own bytes, until it is full (16 KB) or a frame is malformed.
    await vi.waitFor(async () => expect(await ask(9)).toMatchObject(OK), { timeout: 30_000, interval: 0 });
  }, 60_000);
});
