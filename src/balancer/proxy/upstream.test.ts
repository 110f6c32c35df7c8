import { describe, expect, it, vi } from 'vitest';
import { SECOND } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { atEnd, deadPort, rawUpstream } from './peers.case.ts';
import { Upstream } from './upstream.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

async function upstreamAt(port: number) {
  const clock = new VirtualClock();
  const upstream = new Upstream({ id: 'i0', host: '127.0.0.1', port }, {}, clock);
  atEnd(() => upstream.close());
  const connect = () =>
    new Promise<UpstreamConnection | string>((resolve) => {
      upstream.connect((carrier, reason) => resolve((carrier as UpstreamConnection | undefined) ?? reason));
    });
  return { clock, upstream, connect };
}

describe('the pool of an upstream', () => {
  it.each([
    ['4 s, less than what Node servers allow', undefined, 4],
    ['what the upstream advertised, less a second', 3, 2],
    ['4 s when the upstream advertised more', 60, 4],
    ['4 s when what it advertised is no number', Number.NaN, 4],
  ])('keeps an idle connection for %s', async (_, advertised, seconds) => {
    const { clock, upstream, connect } = await upstreamAt((await rawUpstream(() => {})).port);
    const connection = (await connect()) as UpstreamConnection;
    upstream.freed(connection, advertised);
    clock.advance(seconds * SECOND);
    expect(upstream.take()).toBe(connection);
    upstream.freed(connection, advertised);
    clock.advance(seconds * SECOND + 1);
    expect(upstream.take()).toBeUndefined();
    await vi.waitFor(() => expect(upstream.stats().openConnections).toBe(0));
  });

  it('hands out the connection that became idle last, and each once', async () => {
    const { upstream, connect } = await upstreamAt((await rawUpstream(() => {})).port);
    const [first, second] = [
      (await connect()) as UpstreamConnection,
      (await connect()) as UpstreamConnection,
    ];
    upstream.freed(first, undefined);
    upstream.freed(second, undefined);
    expect([upstream.take(), upstream.take(), upstream.take()]).toEqual([second, first, undefined]);
  });

  it('loses a connection that the upstream closes', async () => {
    const { port } = await rawUpstream((socket) => socket.end());
    const { upstream, connect } = await upstreamAt(port);
    upstream.freed((await connect()) as UpstreamConnection, undefined);
    await vi.waitFor(() => expect(upstream.stats().openConnections).toBe(0));
    expect(upstream.take()).toBeUndefined();
    expect(upstream.live).toBe(true);
  });

  it('says why there is no connection, and is down', async () => {
    const { upstream, connect } = await upstreamAt(await deadPort());
    expect(await connect()).toContain('ECONNREFUSED');
    expect(upstream.stats()).toMatchObject({ live: false, connections: 0 });
  });
});
