import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CA, GOOD } from '../../driver/certificates.case.ts';
import { scratch } from '../../units/scratch.case.ts';
import { UserError } from '../../units/user-error.ts';
import { testEngineCache } from './cache.case.ts';
import { startEmbedded } from './embedded.ts';
import { testEngine } from './engine.case.ts';
import type { Balancer, BalancerOptions } from './engine.ts';
import { testEngineTls } from './tls.case.ts';

testEngine('embedded');
testEngineCache('embedded', 200);
testEngineTls('embedded');

describe('the engine embedded before instances with TLS', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function secureUrl(name: string): Promise<string> {
    const server = createServer(GOOD, (_, response) => response.end(name)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  }

  async function startFor(url: string, upstreamTls: BalancerOptions['upstreamTls']): Promise<Balancer> {
    const balancer = await startEmbedded({
      settings: { engine: 'embedded', policy: 'round-robin' },
      upstreams: [{ id: 'a', url }],
      seed: 1,
      upstreamTls,
    });
    ends.unshift(() => balancer.stop());
    return balancer;
  }

  function authority(): string {
    const file = join(scratch(), 'ca.pem');
    writeFileSync(file, CA);
    return file;
  }

  it('checks certificates against the given file, also of an instance that is added', async () => {
    const balancer = await startFor(await secureUrl('one'), { insecure: false, caFile: authority() });
    expect(balancer.url).toMatch(/^http:.*\/mcp$/);
    await balancer.addUpstream({ id: 'b', url: await secureUrl('two') });
    const texts = [1, 2].map(async () => (await fetch(balancer.url)).text());
    expect((await Promise.all(texts)).sort()).toEqual(['one', 'two']);
  });

  it('accepts no certificate that nobody vouches for, and any certificate when none is to be checked', async () => {
    const url = await secureUrl('one');
    expect((await fetch((await startFor(url, undefined)).url)).status).toBe(502);
    expect((await fetch((await startFor(url, { insecure: true })).url)).status).toBe(200);
  });

  it('rejects a file without certificates', async () => {
    const start = startFor('https://127.0.0.1:1/mcp', { insecure: false, caFile: '/no/such/file' });
    await expect(start).rejects.toThrow(UserError);
    await expect(start).rejects.toThrow('cannot load certificates from /no/such/file');
  });
});
