import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../../../test/programs.ts';
import { ENGINE_NAMES, http2SupportOf } from '../../profile/balancer-kinds.ts';
import { startBalancer } from '../balancer.ts';
import { atEnd } from '../proxy/peers.case.ts';

/** A server of HTTP/2 with prior knowledge, which answers with its name and the version of the request. */
async function replica(id: string): Promise<{ readonly id: string; readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(`${id} ${request.httpVersion}`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => void server.close());
  return { id, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` };
}

for (const engine of ENGINE_NAMES.filter((name) => http2SupportOf(name).kind === 'full')) {
  describe(`engine ${engine} before instances that speak HTTP/2`, { tags: tagsOf(engine) }, () => {
    it('speaks it with prior knowledge, to those that are added as well', async () => {
      const settings = { engine, policy: 'round-robin', http: '2' } as const;
      const balancer = await startBalancer({ settings, upstreams: [await replica('a')], seed: 1 });
      atEnd(() => balancer.stop());
      const ask = async (): Promise<string> =>
        (await fetch(balancer.url, { method: 'POST', body: 'x' })).text();
      expect(await ask()).toBe('a 2.0');
      await balancer.addUpstream(await replica('b'));
      const answers = new Set([await ask(), await ask(), await ask(), await ask()]);
      expect([...answers].sort()).toEqual(['a 2.0', 'b 2.0']);
    });
  });
}
