import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { ask, atEnd, deadPort, proxyTo, RawClient, rawUpstream, upstream } from './peers.case.ts';

const say =
  (text: string): RequestListener =>
  (request, response) => {
    request.resume();
    request.on('end', () => response.end(text));
  };

/** Turns on an event that the test and a server wait for. */
function signal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

describe('memory that all connections read into', () => {
  const echo: RequestListener = (request, response) => request.pipe(response);

  it('is left before another connection reads: half a head waits elsewhere', async () => {
    const { port } = await upstream(echo);
    const proxy = await proxyTo([port]);
    const [slow, quick] = [new RawClient(proxy.port), new RawClient(proxy.port)];
    const message = ask('slow', 'x-long: 1234567890\r\n');
    for (let at = 0; at < message.length; at += 20) {
      slow.send(message.slice(at, at + 20));
      await quick.send(ask(`quick ${at}.`, 'x-other: 0987654321\r\n')).until(`quick ${at}.`);
    }
    expect(await slow.until('slow')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  it('is left before another connection reads: a request waits elsewhere for its upstream connection', async () => {
    const { port } = await upstream(echo);
    const proxy = await proxyTo([port]);
    const clients = Array.from({ length: 24 }, () => new RawClient(proxy.port));
    const bodies = clients.map((_, index) => `<${String(index).repeat(50)}>`);
    for (const [index, client] of clients.entries()) client.send(ask(bodies[index]));
    for (const [index, client] of clients.entries()) {
      expect(await client.until('>')).toContain(bodies[index]);
    }
  });

  it('is left before another connection reads: large answers wait elsewhere for clients that do not read', async () => {
    const { port } = await upstream((request, response) => {
      const letter = request.url!.at(-1)!;
      response.end(`${letter.repeat(3_000_000)}!`);
    });
    const proxy = await proxyTo([port]);
    const clients = [...'abcd'].map((letter) => {
      const client = new RawClient(proxy.port);
      client.socket.pause();
      return { letter, client: client.send(`GET /${letter} HTTP/1.1\r\nhost: a\r\n\r\n`) };
    });
    await vi.waitFor(() => expect(proxy.stats().upstreams[0]!.requests).toBe(4));
    for (const { client } of clients) client.socket.resume();
    for (const { letter, client } of clients) {
      const text = await client.until('!');
      const body = text.slice(text.indexOf('\r\n\r\n') + 4);
      expect(body === `${letter.repeat(3_000_000)}!`).toBe(true);
    }
  });
});

describe('what passes through', () => {
  it('arrives as it was sent, and the answer comes back with the name of its upstream', async () => {
    const seen: unknown[] = [];
    const { port } = await upstream((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        seen.push([request.method, request.url, request.rawHeaders, Buffer.concat(chunks).toString()]);
        response.writeHead(418, { 'X-Mixed': 'Case' }).end('short');
      });
    });
    const client = new RawClient((await proxyTo([port])).port);
    const text = await client.send(ask('hello', 'Mcp-Method: tools/call\r\n')).until('short');
    const headers = ['host', 'a', 'Mcp-Method', 'tools/call', 'content-length', '5'];
    expect(seen).toEqual([['POST', '/mcp', headers, 'hello']]);
    expect(text).toMatch(/^HTTP\/1.1 418 I'm a Teapot\r\n/);
    expect(text).toContain('X-Mixed: Case\r\n');
    expect(text).toContain('x-served-by: i0\r\n');
    expect(text).not.toMatch(/keep-alive/i);
  });

  it('has no body after HEAD, even if the answer to GET had the same head', async () => {
    const { port } = await rawUpstream((socket) =>
      socket.on('data', (data) => {
        const body = data.toString().startsWith('HEAD') ? '' : 'body';
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n${body}`);
      }),
    );
    const client = new RawClient((await proxyTo([port])).port);
    for (const [method, index] of ['GET', 'HEAD', 'GET', 'HEAD', 'HEAD', 'GET'].map(
      (each, at) => [each, at] as const,
    ))
      await client.send(ask('', '', method)).until('HTTP/1.1 200', index + 1);
    await client.until('body', 3);
    expect(client.text.split('HTTP/1.1').map((answer) => answer.endsWith('body'))).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it.each([
    ['by length', true],
    ['in chunks', false],
  ])('carries 5 MB both ways, framed %s', async (_, sized) => {
    const { port } = await upstream((request, response) => {
      if (sized) response.setHeader('content-length', request.headers['content-length']!);
      request.pipe(response);
    });
    const proxy = await proxyTo([port]);
    const body = Buffer.alloc(5_000_000, randomUUID());
    const sent = httpRequest({ port: proxy.port, host: '127.0.0.1', method: 'POST', path: '/mcp' });
    if (sized) sent.setHeader('content-length', body.length);
    for (let at = 0; at < body.length; at += 123_457) sent.write(body.subarray(at, at + 123_457));
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const hash = createHash('sha256');
    for await (const chunk of answer) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('reads no further requests of a client that does not take its answers', async () => {
    const [all, size] = [4000, 16_000];
    let requests = 0;
    const { port } = await upstream((request, response) => {
      if (request.method === 'GET') return void response.end('tick');
      requests += 1;
      response.end(Buffer.alloc(size));
    });
    const proxy = await proxyTo([port]);
    const client = connect(proxy.port, '127.0.0.1').pause();
    atEnd(() => client.destroy());
    client.write(ask().repeat(all));
    const other = new RawClient(proxy.port);
    // Until nothing moved for 50 rounds through the same event loop.
    for (let round = 1, still = 0, before = 0; still < 50; round += 1) {
      await other.send(ask('', '', 'GET')).until('tick', round);
      still = requests === before ? still + 1 : 0;
      before = requests;
    }
    expect(requests).toBeLessThan(all);
    let read = 0;
    for await (const chunk of client) {
      read += (chunk as Buffer).length;
      if (read > all * size && requests === all) break;
    }
    expect(requests).toBe(all);
  });

  it('passes interim answers on', async () => {
    const { port } = await upstream(say('final'));
    const client = new RawClient((await proxyTo([port])).port);
    client.send('POST /mcp HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n');
    await client.until('HTTP/1.1 100 Continue\r\n');
    const text = await client.send('body').until('final');
    expect(text.match(/x-served-by/g)).toHaveLength(1);
  });

  it('ends an answer that only the end of the connection ends', async () => {
    const { port } = await rawUpstream((socket) => {
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nto the end'));
    });
    const client = new RawClient((await proxyTo([port])).port).send(ask());
    expect(await client.ended).toBe('end');
    expect(client.text).toBe('HTTP/1.1 200 OK\r\nx-served-by: i0\r\nconnection: close\r\n\r\nto the end');
  });
});

describe('connections', () => {
  it('to an upstream are reused, by different clients too', async () => {
    const { port } = await upstream(say('ok'));
    const proxy = await proxyTo([port]);
    for (let client = 0; client < 3; client += 1) {
      const raw = new RawClient(proxy.port);
      for (let round = 1; round <= 5; round += 1) await raw.send(ask()).until('ok', round);
    }
    expect(proxy.stats().upstreams[0]).toEqual({
      id: 'i0',
      live: true,
      requests: 15,
      failures: 0,
      inFlight: 0,
      connections: 1,
      openConnections: 1,
    });
  });

  it('of the pool are as many as there are requests at once', async () => {
    const all = signal();
    let waiting = 0;
    const { port } = await upstream(async (_, response) => {
      waiting += 1;
      if (waiting === 8) all.give();
      await all.given;
      response.end('ok');
    });
    const proxy = await proxyTo([port]);
    await Promise.all(Array.from({ length: 8 }, () => new RawClient(proxy.port).send(ask()).until('ok')));
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 8, connections: 8, inFlight: 0 });
  });

  it('are not reused when the upstream says close, or closes without a word', async () => {
    let connections = 0;
    const { port } = await rawUpstream((socket) => {
      connections += 1;
      const close = connections === 1 ? 'connection: close\r\n' : '';
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${close}content-length: 2\r\n\r\nok`));
    });
    const proxy = await proxyTo([port]);
    const client = new RawClient(proxy.port);
    for (let round = 1; round <= 3; round += 1) {
      await client.send(ask()).until('ok', round);
      await vi.waitFor(() => expect(proxy.stats().upstreams[0]!.openConnections).toBe(0));
    }
    expect(client.text).not.toContain('502');
    expect(connections).toBe(3);
  });

  it('that carry unrequested bytes are dropped, and the bytes with them', async () => {
    const { port } = await rawUpstream((socket) => {
      const planted = 'HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nplanted';
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok${planted}`));
    });
    const client = new RawClient((await proxyTo([port])).port);
    await client.send(ask()).until('ok');
    await client.send(ask()).until('ok', 2);
    expect(client.text).not.toContain('planted');
  });

  it('of a client that asks for it are closed after the answer', async () => {
    const { port } = await upstream(say('ok'));
    const client = new RawClient((await proxyTo([port])).port).send(ask('', 'Connection: close\r\n'));
    expect(await client.ended).toBe('end');
    expect(client.text).toMatch(/connection: close\r\n[\s\S]*ok$/);
  });

  it('carry pipelined requests, answered in their order', async () => {
    const slow = signal();
    const { port } = await upstream(async (request, response) => {
      if (request.headers['mcp-name'] === 'slow') await slow.given;
      else slow.give();
      response.end(`<${request.headers['mcp-name']}>`);
    });
    const proxy = await proxyTo([port]);
    const client = new RawClient(proxy.port);
    const named = (name: string): string => ask('x', `mcp-name: ${name}\r\n`);
    client.send(named('slow') + named('b') + named('c'));
    // The second request of the connection waits for the first: only another connection can set it going.
    await new RawClient(proxy.port).send(named('other')).until('<other>');
    const text = await client.until('<c>');
    expect(text.match(/<\w+>/g)).toEqual(['<slow>', '<b>', '<c>']);
  });
});

describe('a client that goes away', () => {
  it.each([
    ['closes', (client: RawClient) => client.socket.destroy()],
    ['resets', (client: RawClient) => client.socket.resetAndDestroy()],
    ['stops sending', (client: RawClient) => client.socket.end()],
  ])('cancels its request when it %s', async (_, leave) => {
    const cancelled = signal();
    const { port } = await upstream((_, response) => {
      response.on('close', () => cancelled.give());
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
    });
    const proxy = await proxyTo([port]);
    const client = new RawClient(proxy.port).send(ask('', '', 'GET'));
    await client.until('data: one');
    leave(client);
    await cancelled.given;
    await vi.waitFor(() =>
      expect(proxy.stats()).toMatchObject({ cancelled: 1, upstreams: [{ inFlight: 0 }] }),
    );
    expect(proxy.stats().upstreams[0]).toMatchObject({ failures: 0, live: true });
  });

  it('takes an unfinished request with it', async () => {
    const [begun, aborted] = [signal(), signal()];
    const { port } = await upstream((request) => {
      begun.give();
      request.on('close', () => aborted.give());
    });
    const proxy = await proxyTo([port]);
    const client = new RawClient(proxy.port);
    client.send('POST /mcp HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf');
    await begun.given;
    client.socket.end();
    await aborted.given;
    await vi.waitFor(() => expect(proxy.stats().upstreams[0]!.inFlight).toBe(0));
  });
});

describe('an upstream that fails', () => {
  it.each([
    ['by length', 'content-length: 100\r\n', 'end'],
    ['in chunks', 'transfer-encoding: chunked\r\n', 'end'],
    ['by the connection', '', 'ECONNRESET'],
  ])('in the middle of an answer framed %s breaks the connection of the client', async (_, field, how) => {
    const read = signal();
    const { port } = await rawUpstream((socket) => {
      socket.once('data', async () => {
        socket.write(`HTTP/1.1 200 OK\r\n${field}\r\n2\r\npa\r\n`);
        await read.given;
        socket.resetAndDestroy();
      });
    });
    const proxy = await proxyTo([port]);
    const client = new RawClient(proxy.port).send(ask());
    await client.until('pa\r\n');
    read.give();
    expect(await client.ended).toBe(how);
    expect(client.text).toMatch(/pa\r\n$/);
    expect(proxy.stats()).toMatchObject({ ownAnswers: 0, upstreams: [{ failures: 1, inFlight: 0 }] });
  });

  it('before an answer leads to 502, and the request is not made again elsewhere', async () => {
    let requests = 0;
    const dying = await rawUpstream((socket) => {
      socket.once('data', () => {
        requests += 1;
        socket.destroy();
      });
    });
    const { port } = await upstream((_, response) => {
      requests += 1;
      response.end('second');
    });
    const proxy = await proxyTo([dying.port, port]);
    const client = new RawClient(proxy.port);
    const text = await client.send(ask('{}')).until('"}');
    expect(text).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\ncontent-type: application\/json\r\n/);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual({
      error: expect.stringContaining('upstream i0 gave no answer, the request may have been executed'),
    });
    expect(requests).toBe(1);
    await client.send(ask('{}')).until('second');
  });

  it('by answering nonsense leads to 502', async () => {
    const { port } = await rawUpstream((socket) => {
      socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n'));
    });
    const text = await new RawClient((await proxyTo([port])).port).send(ask()).until('"}');
    expect(text).toContain('502 Bad Gateway');
    expect(text).toContain('not an HTTP answer');
  });

  it('to accept connections is left out, no request is lost, and it is used again when it is back', async () => {
    const { port } = await upstream(say('ok'));
    const dead = await deadPort();
    const proxy = await proxyTo([dead, port]);
    const client = new RawClient(proxy.port);
    for (let round = 1; round <= 6; round += 1) await client.send(ask('{}')).until('ok', round);
    expect(client.text).not.toContain('502');
    expect(proxy.stats().upstreams).toMatchObject([
      { live: false, requests: 0, failures: 1, inFlight: 0 },
      { live: true, requests: 6, failures: 0 },
    ]);
    await upstream(say('back'), dead);
    await vi.waitFor(() => expect(proxy.stats().upstreams[0]!.live).toBe(true), { timeout: 5000 });
    await client.send(ask() + ask()).until('back');
    // Probes that failed in the meantime count as no request.
    expect(proxy.stats().upstreams[0]).toMatchObject({ requests: 1, failures: 1 });
  });

  it('like all others leaves 502 with a reason, and the connection of the client usable', async () => {
    const proxy = await proxyTo([await deadPort(), await deadPort()]);
    const client = new RawClient(proxy.port);
    await client.send(ask('{}')).until('{"error":"no upstream accepts connections"}');
    await client.send(ask('{}') + ask('{}')).until('"}', 3);
    expect(client.text.match(/502 Bad Gateway/g)).toHaveLength(3);
    expect(proxy.stats().ownAnswers).toBe(3);
  });
});

describe('a request that is refused', () => {
  it.each([
    [
      'has two framings',
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
    ['has a huge head', `POST / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}`, 431],
    ['is not HTTP', '\x16\x03\x01', 400],
  ])('because it %s is answered, reaches no upstream and ends the connection', async (_, bytes, status) => {
    let requests = 0;
    const { port } = await upstream((_, response) => {
      requests += 1;
      response.end();
    });
    const proxy = await proxyTo([port]);
    const client = new RawClient(proxy.port).send(bytes);
    expect(await client.ended).toBe('end');
    expect(client.text).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*connection: close\r\n[\\s\\S]*"error"`),
    );
    expect(requests).toBe(0);
    expect(proxy.stats().ownAnswers).toBe(1);
  });

  it('for its body is taken back from the upstream', async () => {
    const [begun, aborted] = [signal(), signal()];
    const { port } = await upstream((request) => {
      begun.give();
      request.on('close', () => aborted.give());
    });
    const client = new RawClient((await proxyTo([port])).port);
    client.send('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n');
    await begun.given;
    client.send('zz\r\n');
    await aborted.given;
    expect(await client.ended).toBe('end');
    expect(client.text).toContain('400 Bad Request');
  });
});

/** A server that keeps its sessions in memory, as people deploy them. */
function sessionServer(): RequestListener {
  const sessions = new Set<string>();
  return (request, response) => {
    request.resume();
    const id = request.headers['mcp-session-id'] as string | undefined;
    if (id === undefined) {
      const minted = randomUUID();
      sessions.add(minted);
      response.setHeader('Mcp-Session-Id', minted).end('{}');
    } else if (!sessions.has(id)) response.writeHead(404).end('{}');
    else {
      if (request.method === 'DELETE') sessions.delete(id);
      response.end('{}');
    }
  };
}

describe('sessions over three servers', () => {
  /** Share of calls that found their session: 20 sessions, 5 calls each. */
  async function found(policy: 'sticky' | 'round-robin' | 'hash-session' | 'hash-identity'): Promise<number> {
    const ports = await Promise.all([0, 1, 2].map(async () => (await upstream(sessionServer())).port));
    const proxy = await proxyTo(ports, policy);
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    atEnd(() => agent.destroy());
    const call = async (index: number, id: string | undefined, method = 'POST'): Promise<IncomingMessage> => {
      const headers = {
        authorization: `Bearer ${index}`,
        ...(id === undefined ? {} : { 'mcp-session-id': id }),
      };
      const sent = httpRequest({ port: proxy.port, host: '127.0.0.1', method, headers, agent }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      answer.resume();
      return answer;
    };
    const statuses: (number | undefined)[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const id = (await call(index, undefined)).headers['mcp-session-id'] as string;
        for (const method of ['POST', 'POST', 'GET', 'POST', 'DELETE']) {
          const { statusCode } = await call(index, id, method);
          statuses.push(statusCode);
        }
      }),
    );
    expect(statuses).toHaveLength(100);
    return statuses.filter((status) => status === 200).length / 100;
  }

  it.each(['sticky', 'hash-identity'] as const)('%s finds every session', async (policy) => {
    expect(await found(policy)).toBe(1);
  });

  it.each(['round-robin', 'hash-session'] as const)('%s loses sessions', async (policy) => {
    expect(await found(policy)).toBeLessThan(0.9);
  });
});
