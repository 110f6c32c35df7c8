import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { GOOD } from '../../src/driver/certificates.case.ts';
import { run } from './in-process.ts';
import { profileFile, scratch, start, WENT_WELL } from './paceline.ts';
import { answering, http, rudeServer } from './rude-server.ts';

const LOAD = 'load: { rate: 50/s, warmup: 0s, duration: 200ms, agents: 2, connections: 2 }';
const profile = (more: string): string =>
  profileFile(`version: 1\n${LOAD}\ncalls: [{ list: tools }]\n${more}\n`);
const target = (url: string): string => profile(`target: { url: "${url}" }`);

describe('the URL of a target', () => {
  it('with http for a TLS server is reported as such', async () => {
    const server = createServer(GOOD).on('tlsClientError', () => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const { stderr, code } = await run({}, target(url));
    server.close();
    expect(stderr).toContain('If it speaks TLS, use a URL that begins with https://');
    expect(code).toBe(2);
  });

  it('with https for a server without TLS is reported as such, not with an OpenSSL error', async () => {
    await using server = await rudeServer(answering(http('400 Bad Request', 'text/plain', 'what?')));
    const { stderr, code } = await run({}, target(server.url.replace('http:', 'https:')));
    expect(stderr).toContain('the server does not speak TLS');
    expect(stderr).not.toContain(':error:');
    expect(code).toBe(2);
  });

  it('with a certificate that nobody vouches for names the ways to accept it', async () => {
    const server = createServer(GOOD).on('tlsClientError', () => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const { stderr, code } = await run({}, target(url));
    server.close();
    expect(stderr).toContain('the certificate of the server is not trusted');
    expect(stderr).toMatch(/--ca-file FILE, .*--insecure/);
    expect(code).toBe(2);
  });

  it('that redirects is loaded where it leads, and a note says so', async () => {
    const listed = '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[]}}';
    const paths = new Map<string, number>();
    const server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (text) => {
        body += text;
      });
      request.on('end', () => {
        paths.set(request.url!, 1 + (paths.get(request.url!) ?? 0));
        if (request.url === '/mcp') return response.writeHead(307, { location: '/mcp/' }).end();
        response.writeHead(200, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ ...JSON.parse(listed), id: JSON.parse(body).id }));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const path = profile(`target: { url: "${url}", era: stateless }`);
    const { stdout, code } = await run({}, path, '--json', '--out', scratch());
    server.close();
    expect(WENT_WELL).toContain(code);
    const { variants } = JSON.parse(stdout);
    expect(variants[0].repetitions[0].observations).toContainEqual(
      expect.objectContaining({ kind: 'redirected', part: 'target', from: url, to: `${url}/` }),
    );
    expect(variants[0].summary.calls.outcomes.ok).toBe(variants[0].summary.calls.sent);
    expect(paths.get('/mcp'), 'only the probe asked there').toBe(1);
  });

  it('with a credential is used unchanged, and neither printed nor recorded', async () => {
    const fleet = start('fleet', profile('fleet: { server: lean, instances: 1 }'), '--json');
    const [line] = (await once(fleet.process.stdout!, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { readonly url: string };
    const out = scratch();
    const path = target(`${url}?token=s3cr3t`);
    const { stdout, stderr, code } = await run({}, path, '--out', out, '--json');
    fleet.process.kill('SIGINT');
    await fleet.ended;
    expect(WENT_WELL).toContain(code);
    expect(stderr).toContain('note: the value of token in the URL of the target is sent, and not recorded');
    const files = ['result.json', 'report.html'].map((name) => readFileSync(join(out, name), 'utf8'));
    for (const text of [stdout, stderr, ...files]) expect(text).not.toContain('s3cr3t');
    expect(stdout).toContain('token=(not-recorded)');
  });

  it('with a credential is not printed when nothing answers', async () => {
    const { stderr, code } = await run({}, target('http://127.0.0.1:9/mcp?token=s3cr3t'));
    expect(stderr).toContain('http://127.0.0.1:9/mcp?token=(not-recorded): no answer');
    expect(stderr).not.toContain('s3cr3t');
    expect(code).toBe(2);
  });
});
