import { once } from 'node:events';
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
} from 'node:http2';
import { createServer as createHttp1Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { CA, GOOD } from '../../driver/certificates.case.ts';
import {
  type Asked,
  answer,
  data,
  type FrameServer,
  frameServer,
  goAway,
  head,
  reset,
  settings,
  windowUpdate,
} from '../../http/http2/frame-server.case.ts';
import { type Behind, exchangeSuite } from './exchanges.case.ts';
import { ask, atEnd, proxyTo, RawClient, upstream } from './peers.case.ts';
import type { ReverseProxy } from './proxy.ts';

const HTTP2 = { upstreamHttp: '2' } as const;

/** Listens until the test ends. */
async function listening(server: Http2Server | Http2SecureServer): Promise<number> {
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('sessionError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

// The compatibility API of node:http2 takes listeners of node:http.
type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

const clear: Behind = async (handler) => {
  const port = await listening(createHttp2Server({}, handler as unknown as Listener));
  return proxyTo([port], 'round-robin', {}, HTTP2);
};

const secure: Behind = async (handler) => {
  const server = createSecureServer({ ...GOOD, allowHTTP1: true }, handler as unknown as Listener);
  return secureProxy(await listening(server));
};

const secureProxy = (port: number, options = {}): Promise<ReverseProxy> => {
  const upstreams = [{ id: 'i0', host: '127.0.0.1', port, tls: { name: 'localhost' } }];
  return proxyTo([], 'round-robin', {}, { upstreams, upstreamTls: { insecure: false, ca: CA }, ...options });
};

describe('over HTTP/1.1', () => exchangeSuite(async (handler) => proxyTo([(await upstream(handler)).port])));
describe('over HTTP/2 with prior knowledge', () => exchangeSuite(clear));
describe('over HTTP/2 with TLS', () => exchangeSuite(secure));

describe('the streams of an upstream', () => {
  let server: FrameServer;

  /** A proxy before a server that leaves requests to `onAsked`. */
  const proxyBefore = async (onAsked: (asked: Asked) => void, first?: Buffer): Promise<ReverseProxy> => {
    server = await frameServer(onAsked, first);
    atEnd(() => server.close());
    return proxyTo([Number(new URL(server.url).port)], 'round-robin', {}, HTTP2);
  };
  /** The same, which answers the request number n with what `tell` returns for n, and otherwise well. */
  const telling = (tell: (nth: number, asked: Asked) => Buffer | undefined): Promise<ReverseProxy> => {
    let asked = 0;
    return proxyBefore((request) => {
      request.peer.socket.write(tell(asked, request) ?? answer(request));
      asked += 1;
    });
  };
  const calling = (proxy: ReverseProxy, id: number): RawClient =>
    new RawClient(proxy.port).send(ask(`{"id":${id}}`));

  it.each<[string, (asked: Asked) => Buffer, string]>([
    ['a reset', ({ stream }) => reset(stream, 'INTERNAL_ERROR'), 'may have been executed'],
    ['an answer that breaks HTTP/2', ({ stream }) => data(stream, 'x'), 'DATA before the head'],
    [
      'a field of HTTP/1.1',
      ({ stream }) => head(stream, [':status', '200', 'connection', 'x']),
      'only HTTP/1.1',
    ],
    [
      'a wrong length',
      ({ stream }) => head(stream, [':status', '200', 'content-length', '3'], true),
      'length',
    ],
  ])('end with %s by themselves: it is answered 502', async (_, bytes, said) => {
    const proxy = await telling((nth, asked) => (nth === 1 ? bytes(asked) : undefined));
    await calling(proxy, 1).until('"result"');
    const text = await calling(proxy, 2).until('error');
    expect(text).toMatch(/^HTTP\/1.1 502 /);
    expect(text).toContain(said);
    await calling(proxy, 3).until('"result"');
    expect(server.peers).toHaveLength(1);
    expect(proxy.stats().upstreams[0]).toMatchObject({ failures: 1, inFlight: 0, requests: 3 });
  });

  it('are cut off where a reset comes within the answer', async () => {
    const proxy = await proxyBefore(({ peer, stream }) => {
      peer.socket.write(Buffer.concat([head(stream), data(stream, 'part', false)]));
    });
    const client = calling(proxy, 1);
    await client.until('part');
    server.peers[0]!.socket.write(reset(1, 'INTERNAL_ERROR'));
    await client.ended;
    expect(client.text).not.toContain('\r\n0\r\n');
  });

  it('are reset when their client goes', async () => {
    const proxy = await proxyBefore(() => {});
    const client = calling(proxy, 1);
    await vi.waitFor(() => expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 1 }));
    client.socket.destroy();
    await server.peers[0]!.heard('reset 1 CANCEL');
    expect(proxy.stats().upstreams[0]).toMatchObject({ inFlight: 0, openConnections: 1 });
  });

  it('are tried again after REFUSED_STREAM, once', async () => {
    const refusing = ({ stream }: Asked): Buffer => reset(stream, 'REFUSED_STREAM');
    const proxy = await telling((nth, asked) => ([0, 2, 3].includes(nth) ? refusing(asked) : undefined));
    await calling(proxy, 1).until('"result"');
    const text = await calling(proxy, 2).until('error');
    expect(text).toMatch(/^HTTP\/1.1 502 /);
    expect(text).toContain('did not process the request');
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 2, failures: 1 });
  });

  it('that a GOAWAY leaves out go on over another connection, the others over the old one', async () => {
    const held: Asked[] = [];
    const proxy = await proxyBefore((asked) => {
      if (server.peers.length > 1) asked.peer.socket.write(answer(asked));
      else held.push(asked);
    });
    const clients = [1, 2, 3].map((id) => calling(proxy, id));
    await vi.waitFor(() => expect(held).toHaveLength(3));
    const [first] = held;
    first!.peer.socket.write(goAway(first!.stream));
    await vi.waitFor(() => expect(server.peers).toHaveLength(2));
    first!.peer.socket.write(answer(first!));
    for (const client of clients) await client.until('"result"');
    expect(proxy.stats().upstreams[0]).toMatchObject({
      requests: 3,
      failures: 0,
      inFlight: 0,
      connections: 2,
    });
    await vi.waitFor(() => expect(proxy.stats().upstreams[0]).toMatchObject({ openConnections: 1 }));
  });

  it.each([
    ['are sent again where they have 60 kB', 60_000, 'result'],
    ['are not sent again where they have 100 kB, which are not kept', 100_000, 'did not process the request'],
  ])('that a GOAWAY leaves out %s', async (_, bytes, said) => {
    const first = Buffer.concat([settings({ INITIAL_WINDOW_SIZE: 1_000_000 }), windowUpdate(0, 1_000_000)]);
    const proxy = await proxyBefore((asked) => {
      asked.peer.socket.write(server.peers.length === 1 ? goAway(0) : answer(asked));
    }, first);
    const client = new RawClient(proxy.port).send(ask(`{"id":1,"text":"${'x'.repeat(bytes)}"}`));
    expect(await client.until('}')).toContain(said);
  });

  it('that come back are answered 502 where no upstream is left, and counted once', async () => {
    const proxy = await proxyBefore(({ peer }) => {
      peer.socket.write(goAway(0), () => void server.close());
    });
    expect(await calling(proxy, 1).until('error')).toContain('no upstream accepts connections');
    expect(proxy.stats().upstreams[0]).toMatchObject({ inFlight: 0, requests: 0, live: false });
  });

  it('are lost with their connection, and the next one has another', async () => {
    const proxy = await proxyBefore((asked) => {
      if (server.peers.length === 1) asked.peer.socket.destroy();
      else asked.peer.socket.write(answer(asked));
    });
    expect(await calling(proxy, 1).until('error')).toContain('may have been executed');
    await calling(proxy, 2).until('"result"');
    expect(proxy.stats().upstreams[0]).toMatchObject({ failures: 1, live: true });
  });

  it('are as many as the upstream allows on one connection', async () => {
    const held: Asked[] = [];
    const proxy = await proxyBefore(
      (asked) => void held.push(asked),
      settings({ MAX_CONCURRENT_STREAMS: 2 }),
    );
    const clients = [1, 2, 3, 4, 5].map((id) => calling(proxy, id));
    await vi.waitFor(() => expect(held).toHaveLength(5));
    expect(server.peers).toHaveLength(3);
    for (const asked of held) asked.peer.socket.write(answer(asked));
    for (const client of clients) await client.until('"result"');
    expect(proxy.stats().upstreams[0]).toMatchObject({ connections: 3, requests: 5, inFlight: 0 });
  });

  it('wait for their own window only', async () => {
    const asked: Asked[] = [];
    const proxy = await proxyBefore(
      (request) => {
        asked.push(request);
        request.peer.socket.write(answer(request));
      },
      settings({ INITIAL_WINDOW_SIZE: 10 }),
    );
    const long = new RawClient(proxy.port).send(ask('{"id":1,"text":"more than 10 bytes"}'));
    const [peer] = await vi.waitFor(() => {
      expect(server.peers).toHaveLength(1);
      return server.peers;
    });
    await peer!.heard('data 10');
    await calling(proxy, 2).until('"result"');
    expect(asked).toHaveLength(1);
    peer!.socket.write(windowUpdate(1, 100));
    await long.until('"result"');
  });

  it.each<[string, Buffer]>([
    ['HTTP/1.1', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['nothing that is known', Buffer.from('220 mail.example ESMTP\r\n')],
  ])('do not begin where the upstream speaks %s', async (_, first) => {
    const proxy = await proxyBefore(() => {}, first);
    expect(await calling(proxy, 1).until('error')).toMatch(/^HTTP\/1.1 502 /);
    expect(proxy.stats().upstreams[0]).toMatchObject({ live: false, requests: 0, openConnections: 0 });
  });
});

describe('the version of HTTP that an upstream with TLS chooses', () => {
  it.each([
    ['auto', true, '2'],
    ['auto', false, '1.1'],
    ['1.1', true, '1.1'],
    ['2', true, '2'],
  ] as const)('for %s, where it speaks HTTP/2: %s, is %s', async (upstreamHttp, both, version) => {
    const seen: string[] = [];
    const handler: Listener = (request, response) => {
      seen.push(request.httpVersion);
      response.end('ok');
    };
    const port = both
      ? await listening(createSecureServer({ ...GOOD, allowHTTP1: true }, handler))
      : await listening(createHttp1Server(GOOD, handler as never) as unknown as Http2SecureServer);
    const proxy = await secureProxy(port, { upstreamHttp });
    await new RawClient(proxy.port).send(ask()).until('ok');
    expect(seen).toEqual([version === '2' ? '2.0' : '1.1']);
  });

  it('is none where it must be HTTP/2, and the upstream has only HTTP/1.1', async () => {
    const port = await listening(createHttp1Server(GOOD) as unknown as Http2SecureServer);
    const proxy = await secureProxy(port, { upstreamHttp: '2' });
    expect(await new RawClient(proxy.port).send(ask()).until('error')).toMatch(/^HTTP\/1.1 502 /);
    expect(proxy.stats().upstreams[0]).toMatchObject({ live: false, requests: 0 });
  });

  it('is asked for once, where many requests come at the same time', async () => {
    const handler: Listener = (_, response) => void response.end('ok');
    const proxy = await secureProxy(await listening(createSecureServer(GOOD, handler)));
    const clients = Array.from({ length: 50 }, () => new RawClient(proxy.port).send(ask()));
    for (const client of clients) await client.until('ok');
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 50, connections: 1 });
  });
});
