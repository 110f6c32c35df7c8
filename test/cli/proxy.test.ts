import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forwardProxy, type TestProxy } from '../../src/driver/forward-proxy.case.ts';
import { answerWell, type RawServer, rawServer } from '../../src/driver/raw-server.case.ts';
import { ResultDocument } from '../../src/result/document.ts';
import { paceline, profileFile, scratch, WENT_WELL } from './paceline.ts';

const PASSWORD = 'opensesame';

async function rig(): Promise<{ readonly server: RawServer; readonly proxy: TestProxy }> {
  const [server, proxy] = await Promise.all([
    rawServer(answerWell),
    forwardProxy({ credentials: `me:${PASSWORD}` }),
  ]);
  onTestFinished(async () => {
    await Promise.all([server.close(), proxy.close()]);
  });
  return { server, proxy };
}

const profile = (url: string, proxy: string): string =>
  profileFile(`
version: 1
load: { rate: 50/s, warmup: 100ms, duration: 500ms, agents: 4, connections: 4, workers: 1, driver: undici }
calls: [{ tool: echo, arguments: { text: hi } }]
target: { url: "${url}", era: stateless, proxy: "${proxy}" }`);

describe('paceline run through a forward proxy', () => {
  it('makes every connection through it, and never writes its password', async () => {
    const { server, proxy } = await rig();
    const out = scratch();
    const way = proxy.url.replace('//', `//me:${PASSWORD}@`);
    const ended = await paceline('run', profile(server.url, way), '--json', '--out', out);
    // A busy machine makes the generator late: inconclusive, and no matter here.
    expect(WENT_WELL, ended.stderr).toContain(ended.code);
    const { variants, profile: recorded } = ResultDocument.parse(JSON.parse(ended.stdout));
    expect(variants[0]!.summary!.calls).toMatchObject({ errorRate: 0 });
    expect(variants[0]!.settings.proxy).toBe(proxy.url);
    expect(recorded['target']).toMatchObject({ proxy: proxy.url });
    // One for the question about the era, one per connection of the load.
    expect(server.sockets).toHaveLength(1 + 4);
    expect(proxy.asked).toHaveLength(1 + 4);
    const written = readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'));
    expect(written).toHaveLength(2);
    const encoded = Buffer.from(`me:${PASSWORD}`).toString('base64');
    for (const text of [...written, ended.stdout, ended.stderr]) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(encoded);
    }
    expect(written.join('')).toContain(`through ${proxy.url}`);
  });

  it('reports an error of the proxy before anything is run', async () => {
    const { server, proxy } = await rig();
    const ended = await paceline('run', profile(server.url, proxy.url.replace('//', '//me:wrong-one@')));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`proxy 127.0.0.1:${proxy.port} rejected the credentials`);
    expect(ended.stderr).toContain('407');
    expect(ended.stderr).toContain('is target.proxy correct');
    expect(ended.stderr).not.toMatch(/wrong-one|^\s+at /m);
    expect(server.sockets).toHaveLength(0);
  });
});
