/** @module What every exchange with an upstream has to do, whichever version of HTTP the upstream speaks. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ask, RawClient } from './peers.case.ts';
import type { ReverseProxy } from './proxy.ts';

/** Starts a proxy before one upstream that speaks the version, and answers with `handler`. */
export type Behind = (handler: RequestListener) => Promise<ReverseProxy>;

const bodyOf = async (request: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const echo: RequestListener = async (request, response) => {
  response.end(await bodyOf(request));
};

/** Resolves with a promise that `give` resolves. */
function signal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

/** The answer to a request that node:http makes, with its body. */
async function fetched(
  port: number,
  options: { readonly method?: string; readonly body?: Buffer; readonly chunked?: boolean } = {},
): Promise<{ readonly answer: IncomingMessage; readonly body: Buffer }> {
  const { method = 'POST', body = Buffer.alloc(0), chunked = false } = options;
  const sent = httpRequest({ port, host: '127.0.0.1', method, path: '/mcp' });
  if (!chunked) sent.setHeader('content-length', body.length);
  for (let at = 0; at < body.length; at += 50_021) sent.write(body.subarray(at, at + 50_021));
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { answer, body: await bodyOf(answer) };
}

/** The suite, for upstreams of the version that `behind` is for. */
export function exchangeSuite(behind: Behind): void {
  describe('an exchange', () => {
    it('carries method, path, fields and body there, and status, fields and body back', async () => {
      const seen: unknown[] = [];
      const proxy = await behind(async (request, response) => {
        const body = await bodyOf(request);
        const { authorization, host, ':authority': authority = host } = request.headers;
        const name = request.headers['mcp-name'];
        seen.push([request.method, request.url, authority, name, authorization, `${body}`]);
        response.writeHead(418, { 'x-note': 'kept', 'content-length': 5 }).end('short');
      });
      const client = new RawClient(proxy.port);
      const fields = 'Mcp-Name: echo\r\nAuthorization: Bearer t\r\n';
      const text = await client.send(ask('hello', fields)).until('short');
      expect(seen).toEqual([['POST', '/mcp', 'a', 'echo', 'Bearer t', 'hello']]);
      expect(text).toMatch(/^HTTP\/1.1 418 I'm a Teapot\r\n/);
      expect(text).toContain('x-note: kept\r\n');
      expect(text).toContain('content-length: 5\r\n');
      expect(text).toContain('x-served-by: i0\r\n');
      expect(text).not.toMatch(/transfer-encoding|connection:/i);
    });

    it('keeps the name that an upstream gives itself', async () => {
      const proxy = await behind((_, response) => response.writeHead(200, { 'x-served-by': 'me' }).end('ok'));
      const text = await new RawClient(proxy.port).send(ask()).until('ok');
      expect(text.match(/x-served-by: \w+/g)).toEqual(['x-served-by: me']);
    });

    it('passes on no field of the connection of its client', async () => {
      const seen: unknown[] = [];
      const proxy = await behind((request, response) => {
        seen.push(Object.keys(request.headers).filter((name) => !name.startsWith(':')));
        response.end('ok');
      });
      const fields =
        'keep-alive: timeout=9\r\nte: trailers\r\nx-hop: 1\r\nconnection: x-hop\r\nx-kept: 1\r\n';
      await new RawClient(proxy.port).send(ask('', fields)).until('ok');
      expect(seen[0]).toEqual(expect.arrayContaining(['x-kept']));
      for (const name of ['keep-alive', 'te', 'x-hop', 'proxy-connection'])
        expect(seen[0]).not.toContain(name);
    });

    it('follows others over the same client connection', async () => {
      const proxy = await behind(echo);
      const client = new RawClient(proxy.port);
      for (let round = 0; round < 30; round += 1)
        await client.send(ask(`round ${round}.`)).until(`round ${round}.`);
      expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 30, connections: 1, inFlight: 0 });
    });

    it.each([
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ])('has no body in the answer to %s with %d', async (method, status) => {
      const proxy = await behind((_, response) => response.writeHead(status).end());
      const client = new RawClient(proxy.port);
      client.send(ask('', '', method));
      await client.until('\r\n\r\n');
      await client.send(ask('', '', method)).until('\r\n\r\n', 2);
      expect(client.text).not.toMatch(/transfer-encoding/i);
      expect(client.text.endsWith('\r\n\r\n')).toBe(true);
    });

    it('keeps the length that the answer to HEAD states', async () => {
      const proxy = await behind((_, response) => response.writeHead(200, { 'content-length': 7 }).end());
      const client = new RawClient(proxy.port);
      expect(await client.send(ask('', '', 'HEAD')).until('\r\n\r\n')).toContain('content-length: 7\r\n');
      await client.send(ask('', '', 'HEAD')).until('\r\n\r\n', 2);
    });

    it.each([
      ['by length', false],
      ['in chunks', true],
    ])('carries 3 MB both ways, framed %s', async (_, chunked) => {
      const proxy = await behind((request, response) => {
        if (!chunked) response.setHeader('content-length', request.headers['content-length']!);
        request.pipe(response);
      });
      const body = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at * 7));
      const { body: back } = await fetched(proxy.port, { body, chunked });
      expect(back.equals(body)).toBe(true);
    });

    it('hands on the first event of a stream before the second is sent', async () => {
      const second = signal();
      const proxy = await behind(async (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: one\n\n');
        await second.given;
        response.end('data: two\n\n');
      });
      const client = new RawClient(proxy.port).send(ask('', '', 'GET'));
      expect(await client.until('data: one')).not.toContain('two');
      second.give();
      await client.until('data: two');
      await client.until('0\r\n\r\n');
    });

    it('hands on the first part of a request before the second is sent', async () => {
      const first = signal();
      const proxy = await behind((request, response) => {
        request.once('data', () => first.give());
        request.on('end', () => response.end('done'));
      });
      const client = new RawClient(proxy.port);
      client.send('POST /mcp HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n');
      await first.given;
      await client.send('2\r\nde\r\n0\r\n\r\n').until('done');
    });

    it('passes trailers on', async () => {
      const proxy = await behind((_, response) => {
        response.writeHead(200, { trailer: 'x-end' });
        response.write('body');
        response.addTrailers({ 'x-end': 'late' });
        response.end();
      });
      const { answer, body } = await fetched(proxy.port);
      expect(`${body}`).toBe('body');
      expect(answer.trailers).toEqual({ 'x-end': 'late' });
    });

    it('passes interim answers on', async () => {
      const proxy = await behind((request, response) => {
        response.writeContinue();
        request.resume().on('end', () => response.end('final'));
      });
      const client = new RawClient(proxy.port);
      client.send('POST /mcp HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n');
      await client.until('HTTP/1.1 100 Continue\r\n\r\n');
      const text = await client.send('body').until('final');
      expect(text.match(/x-served-by/g)).toHaveLength(1);
    });

    it('ends with an answer that comes before the request is complete, and then the connection does', async () => {
      const proxy = await behind((_, response) => response.writeHead(413).end('too large'));
      const client = new RawClient(proxy.port);
      client.send('POST /mcp HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\nstart');
      expect(await client.until('too large')).toContain('connection: close\r\n');
      expect(await client.ended).toBe('end');
    });

    it('is given up when its client goes, and the next one works', async () => {
      const closed = vi.fn();
      const proxy = await behind((request, response) => {
        if (request.method === 'GET') response.end('well');
        else response.on('close', closed).write('begun');
      });
      const client = new RawClient(proxy.port).send(ask());
      await client.until('begun');
      client.socket.destroy();
      await vi.waitFor(() => expect(closed).toHaveBeenCalled());
      await vi.waitFor(() => expect(proxy.stats()).toMatchObject({ cancelled: 1 }));
      await new RawClient(proxy.port).send(ask('', '', 'GET')).until('well');
      expect(proxy.stats().upstreams[0]).toMatchObject({ inFlight: 0, failures: 0 });
    });

    it('is answered 502 when its upstream breaks off before the answer', async () => {
      const proxy = await behind((request) => request.socket.destroy());
      expect(await new RawClient(proxy.port).send(ask()).until('error')).toMatch(/^HTTP\/1.1 502 /);
      expect(proxy.stats().upstreams[0]).toMatchObject({ inFlight: 0, failures: 1 });
    });

    it('is cut off when its upstream breaks off in the middle of the answer', async () => {
      const begun = signal();
      const proxy = await behind(async (request, response) => {
        response.write('part');
        await begun.given;
        request.socket.destroy();
      });
      const client = new RawClient(proxy.port).send(ask());
      await client.until('part');
      begun.give();
      await client.ended;
      expect(client.text).not.toContain('\r\n0\r\n');
      expect(proxy.stats().upstreams[0]).toMatchObject({ inFlight: 0, failures: 1 });
    });

    it('lets its upstream wait for a client that does not read, while others go on', async () => {
      const size = 64_000_000;
      let written = 0;
      const proxy = await behind(async (request, response) => {
        if (request.method === 'GET') return void response.end('tick');
        const block = Buffer.alloc(64_000);
        response.setHeader('content-length', size);
        for (; written < size; written += block.length) {
          if (!response.write(block)) await once(response, 'drain');
        }
        response.end();
      });
      const slow = httpRequest({ port: proxy.port, host: '127.0.0.1', method: 'POST' }).end();
      const [answer] = (await once(slow, 'response')) as [IncomingMessage];
      const other = new RawClient(proxy.port);
      // Each round passes through the same event loop many times: without backpressure all 64 MB would be on their way.
      for (let round = 1; round <= 300; round += 1) await other.send(ask('', '', 'GET')).until('tick', round);
      expect(written).toBeLessThan(size);
      let read = 0;
      for await (const chunk of answer) read += (chunk as Buffer).length;
      expect(read).toBe(size);
    });
  });
}
