import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { GOOD } from '../certificates.case.ts';
import { describeDriver, exchange } from '../driver.case.ts';
import type { Driver } from '../driver.ts';
import { answerWell, call, json, type RawServer, rawServer, resultFor } from '../raw-server.case.ts';
import { createWireDriver } from './wire.ts';

describeDriver({ name: 'wire', create: createWireDriver });

describe('the wire driver beyond the suite', () => {
  let server: RawServer;
  let driver: Driver;
  let aheadUs = 0;
  const drive = (url: string, connections = 1): Driver => {
    aheadUs = 0;
    driver = createWireDriver({
      url,
      connections,
      timeoutUs: 60e6,
      checkIds: true,
      clock: { ...systemClock, now: () => systemClock.now() + aheadUs },
      instanceHeader: 'x-served-by',
      tls: { insecure: true },
    });
    return driver;
  };

  afterEach(async () => {
    await driver.close();
    await server.close();
  });

  it.each([
    ['Keep-Alive: timeout=5, max=100', 3.9e6, 1],
    ['Keep-Alive: timeout=5, max=100', 4.1e6, 2],
    ['Keep-Alive: timeout=1', 0.6e6, 2],
    ['Keep-Alive: max=100', 50e6, 1],
    ['Via: nobody', 50e6, 1],
  ])('under "%s" and %d us of idling uses %d connections', async (header, idleUs, connections) => {
    server = await rawServer((request, socket) => socket.write(json(resultFor(request), [header])));
    drive(server.url);
    expect(await exchange(driver, call(1))).toMatchObject({ outcome: 'ok' });
    aheadUs = idleUs;
    expect(await exchange(driver, call(2))).toMatchObject({ outcome: 'ok' });
    expect(server.sockets).toHaveLength(connections);
  });

  it.each([
    ['at once', [Buffer.from('15030300020228', 'hex')]],
    ['byte by byte', [Buffer.from([0x15]), Buffer.from('030300020228', 'hex')]],
  ])('says so when a TLS alert answers a plain request, %s', async (_, pieces) => {
    server = await rawServer((_request, socket) => {
      for (const piece of pieces) socket.write(piece);
    });
    const reply = await exchange(drive(server.url), call(1));
    expect(reply).toMatchObject({
      outcome: 'tls-error',
      detail: expect.stringMatching(/^ERR_TLS_ALERT .*it speaks TLS: use a URL that begins with https:/),
    });
  });

  it('says so when TLS is asked of a server that speaks plain HTTP', async () => {
    const plain = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    server = await rawServer(answerWell);
    const reply = await exchange(
      drive(`https://127.0.0.1:${(plain.address() as AddressInfo).port}`),
      call(1),
    );
    plain.close();
    plain.closeAllConnections();
    expect(reply).toMatchObject({
      outcome: 'tls-error',
      detail: expect.stringMatching(/the server does not speak TLS; .* http:/),
    });
    expect(reply.detail).not.toMatch(/:error:/);
  });

  it('keeps calls apart when requests are larger than what the kernel takes at once', async () => {
    server = await rawServer(answerWell);
    drive(server.url, 4);
    const texts = Array.from({ length: 12 }, (_, i) => `${i} `.repeat(i % 3 === 0 ? 400_000 : 10));
    const replies = await Promise.all(texts.map((text, id) => exchange(driver, call(id, text))));
    expect(replies.map((reply) => reply.outcome)).toEqual(texts.map(() => 'ok'));
    const arrived = server.received.map(({ body }) => JSON.parse(body));
    expect(arrived.map(({ id }) => id).sort((a, b) => a - b)).toEqual(texts.map((_, id) => id));
    for (const { id, params } of arrived) expect(params.arguments.text).toBe(texts[id]);
    expect(server.faults).toEqual([]);
  });

  it('goes on beside a connection that is stuck', async () => {
    const held: (() => void)[] = [];
    server = await rawServer(answerWell, {
      onConnect: (socket) => {
        if (held.length > 0) return;
        socket.pause();
        held.push(() => socket.resume());
      },
    });
    drive(server.url, 2);
    await driver.warm();
    await server.accepted(2);
    // The first connection is stuck until its buffers are full; then small requests follow on the other one.
    const stuck = exchange(driver, call(0, 'x'.repeat(8_000_000)));
    for (let id = 1; id < 20; id += 1) {
      expect(await exchange(driver, call(id, `small ${id}`))).toMatchObject({ outcome: 'ok' });
    }
    held[0]!();
    expect(await stuck).toMatchObject({ outcome: 'ok' });
    expect(server.faults).toEqual([]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes the session of %s when it connects again',
    async (maxVersion) => {
      const reused: boolean[] = [];
      server = await rawServer(
        (request, socket) => socket.end(json(resultFor(request), ['Connection: close'])),
        {
          tls: { ...GOOD, maxVersion },
          onConnect: (socket) => reused.push((socket as TLSSocket).isSessionReused()),
        },
      );
      drive(server.url);
      for (let id = 0; id < 3; id += 1) {
        expect(await exchange(driver, call(id))).toMatchObject({ outcome: 'ok' });
      }
      expect(reused).toEqual([false, true, true]);
    },
  );

  it('says what a refusal asks for', async () => {
    server = await rawServer((_, socket) => {
      socket.write(json('', ['WWW-Authenticate: Bearer error="invalid_token"'], '401 Unauthorized'));
    });
    expect(await exchange(drive(server.url), call(1))).toMatchObject({
      outcome: 'unauthorized',
      detail: '401 Unauthorized: Bearer error="invalid_token"',
    });
  });

  it('asks a dead target once per call and no more', async () => {
    let asked = 0;
    server = await rawServer(answerWell, {
      onConnect: (socket) => {
        asked += 1;
        socket.resetAndDestroy();
      },
    });
    drive(server.url, 2);
    for (let id = 0; id < 6; id += 1) {
      const reply = await exchange(driver, call(id));
      expect(['reset', 'refused']).toContain(reply.outcome);
    }
    expect(asked).toBeLessThanOrEqual(6);
  });

  it('closes a connection on which the server speaks first', async () => {
    server = await rawServer(answerWell, { onConnect: (socket) => socket.write('220 smtp ready\r\n') });
    drive(server.url);
    await driver.warm();
    await server.accepted(1);
    await once(server.sockets[0]!, 'close');
    expect(server.received).toEqual([]);
  });
});
