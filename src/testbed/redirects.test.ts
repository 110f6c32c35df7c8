import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createWireDriver } from '../driver/wire/wire.ts';
import { initialize } from '../protocol/sessions.ts';
import { systemClock } from '../units/clock.ts';
import { RedirectedServer, redirectOf } from './redirects.ts';

const URL_HERE = 'http://127.0.0.1:3000/mcp?x=1';

describe('where a redirect leads', () => {
  it.each([
    [307, '/mcp/', 'http://127.0.0.1:3000/mcp/'],
    [308, 'other?y=2#part', 'http://127.0.0.1:3000/other?y=2'],
    [307, 'http://127.0.0.1:3000/a', 'http://127.0.0.1:3000/a'],
    [307, 'http://127.0.0.1:3001/a', undefined],
    [307, 'https://127.0.0.1:3000/a', undefined],
    [307, '//elsewhere.invalid/mcp', undefined],
    [307, 'http://', undefined],
    [307, undefined, undefined],
    [302, '/mcp/', undefined],
    [303, '/mcp/', undefined],
    [200, '/mcp/', undefined],
  ])('%i to %s: %s', (status, location, next) => {
    expect(redirectOf(URL_HERE, location === undefined ? { status } : { status, location })).toBe(next);
  });
});

describe('a server that redirects', () => {
  let server: Server;
  let asked: RedirectedServer;
  const start = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    asked = new RedirectedServer(createWireDriver, {
      url: `${url}/mcp`,
      connections: 1,
      timeoutUs: 10e6,
      checkIds: true,
      clock: systemClock,
      instanceHeader: 'x-served-by',
      tls: { insecure: false },
    });
    return url;
  };
  afterEach(async () => {
    await asked.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('gets the request again at the new path, and later ones at once', async () => {
    const paths: string[] = [];
    const url = await start((request, response) => {
      let body = '';
      request.on('data', (text) => {
        body += text;
      });
      request.on('end', () => {
        paths.push(request.url!);
        if (request.url === '/mcp') response.writeHead(307, { location: '/mcp/' }).end();
        else {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: {} }));
        }
      });
    });
    for (const id of [1, 2]) {
      expect(await asked.ask(initialize(id, {}))).toMatchObject({ outcome: 'ok', url: `${url}/mcp/` });
    }
    expect(paths).toEqual(['/mcp', '/mcp/', '/mcp/']);
  });

  it('is left where it redirects in circles', async () => {
    let requests = 0;
    await start((_, response) => {
      requests += 1;
      response.writeHead(308, { location: `/mcp/${requests}` }).end();
    });
    expect(await asked.ask(initialize(1, {}))).toMatchObject({ status: 308, location: '/mcp/11' });
    expect(requests).toBe(11);
  });
});
