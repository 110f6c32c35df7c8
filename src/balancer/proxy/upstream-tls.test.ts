import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { CA, ELSEWHERE, GOOD } from '../../driver/certificates.case.ts';
import { ask, atEnd, RawClient } from './peers.case.ts';
import { type ReverseProxy, startProxy } from './proxy.ts';
import type { UpstreamTrust } from './upstream-socket.ts';

/** Answers with the body, and with the field `x-note`, of the request. */
const echo: RequestListener = (request, response) => {
  response.setHeader('x-note', request.headers['x-note'] ?? '');
  request.pipe(response);
};

async function secureUpstream(handler: RequestListener = echo, options: ServerOptions = GOOD) {
  const server = createServer(options, handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A proxy before `port` on `host`, with TLS. */
async function secureProxy(
  port: number,
  upstreamTls: UpstreamTrust = { insecure: false, ca: CA },
  host = '127.0.0.1',
): Promise<ReverseProxy> {
  const upstreams = [{ id: 'i0', host: '127.0.0.1', port, tls: { name: host } }];
  const proxy = await startProxy({ policy: 'round-robin', upstreams, seed: 1, upstreamTls });
  atEnd(() => proxy.close());
  return proxy;
}

describe('an upstream with TLS', () => {
  it.each(['127.0.0.1', 'localhost'])('is reached when its certificate is good for %s', async (host) => {
    const { port } = await secureUpstream();
    const proxy = await secureProxy(port, { insecure: false, ca: CA }, host);
    const client = new RawClient(proxy.port);
    expect(await client.send(ask('hello')).until('hello')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    await client.send(ask('again', 'x-note: caf\xe9\r\n')).until('again');
    expect(client.text).toContain('x-note: caf\xe9\r\n');
    expect(client.text).toContain('x-served-by: i0\r\n');
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 2, connections: 1, failures: 0 });
  });

  it('hears the name of its host, and which versions of HTTP are offered', async () => {
    const offered: (readonly string[])[] = [];
    const { server, port } = await secureUpstream(echo, {
      ...GOOD,
      ALPNCallback({ protocols }) {
        offered.push(protocols);
        return 'http/1.1';
      },
    });
    const seen: unknown[] = [];
    server.on('secureConnection', (socket) => {
      const { servername } = socket as unknown as { readonly servername: unknown };
      seen.push([servername, socket.alpnProtocol]);
    });
    const proxy = await secureProxy(port, { insecure: false, ca: CA }, 'localhost');
    await new RawClient(proxy.port).send(ask('hello')).until('hello');
    expect(seen).toEqual([['localhost', 'http/1.1']]);
    expect(offered).toEqual([['h2', 'http/1.1']]);
  });

  it.each([
    ['no authority is trusted that signed it', GOOD, { insecure: false }],
    ['it is for another host', ELSEWHERE, { insecure: false, ca: CA }],
  ])('gets no request when %s, unless certificates are not checked', async (_, certificate, trust) => {
    const handler = vi.fn(echo);
    const { port } = await secureUpstream(handler, certificate);
    const refused = await secureProxy(port, trust);
    expect(await new RawClient(refused.port).send(ask()).until('error')).toMatch(/^HTTP\/1.1 502 /);
    expect(refused.stats().upstreams[0]).toMatchObject({ live: false, requests: 0, openConnections: 0 });
    expect(handler).not.toHaveBeenCalled();
    const taken = await secureProxy(port, { insecure: true });
    await new RawClient(taken.port).send(ask('hello')).until('hello');
  });

  it('that speaks plain HTTP gets no request', async () => {
    const { server, port } = await secureUpstream();
    const plain = await secureProxy(port);
    server.close();
    server.closeAllConnections();
    expect(await new RawClient(plain.port).send(ask()).until('error')).toMatch(/^HTTP\/1.1 502 /);
  });

  it('resumes the session of an earlier connection', async () => {
    const reused: boolean[] = [];
    const { server, port } = await secureUpstream((request, response) => {
      response.setHeader('connection', 'close');
      request.pipe(response);
    });
    server.on('secureConnection', (socket) => reused.push(socket.isSessionReused()));
    const proxy = await secureProxy(port);
    for (const body of ['first', 'second', 'third'])
      await new RawClient(proxy.port).send(ask(body)).until(body);
    expect(reused).toEqual([false, true, true]);
  });

  it('carries 3 MB both ways', async () => {
    const { port } = await secureUpstream();
    const body = 'x'.repeat(3_000_000);
    const client = new RawClient((await secureProxy(port)).port);
    const text = await client.send(ask(`${body}!`)).until('!');
    expect(text.split('x').length).toBeGreaterThan(3_000_000);
  });

  it('loses the request when its client has gone', async () => {
    const closed = vi.fn();
    const { port } = await secureUpstream((_, response) => {
      response.on('close', closed).write('begun');
    });
    const proxy = await secureProxy(port);
    const client = new RawClient(proxy.port).send(ask());
    await client.until('begun');
    client.socket.destroy();
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    await vi.waitFor(() => expect(proxy.stats()).toMatchObject({ cancelled: 1 }));
  });
});
