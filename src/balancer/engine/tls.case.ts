/** @module The conformance suite of engines that clients reach over TLS, with real processes. */
import { readFileSync, statSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { tagsOf } from '../../../test/programs.ts';
import { ENGINES, type EngineName } from '../../profile/balancer-kinds.ts';
import { scratch } from '../../units/scratch.case.ts';
import { startBalancer } from '../balancer.ts';
import { makeCertificate } from '../certificate.ts';
import { listening } from '../proxy/peers.case.ts';

/** Runs the suite for one engine. */
export function testEngineTls(engine: EngineName): void {
  const { http2 } = ENGINES[engine];

  describe(`engine ${engine} over TLS`, { tags: tagsOf(engine) }, () => {
    const start = async () => {
      const { port, stop: stopUpstream } = await listening((message, response) => {
        message.pipe(response);
      });
      const tls = await makeCertificate(scratch());
      const settings = { engine, policy: 'round-robin' } as const;
      const upstreams = [{ id: 'a', url: `http://127.0.0.1:${port}/mcp` }];
      const balancer = await startBalancer({ settings, upstreams, seed: 1, tls });
      const ca = readFileSync(tls.caFile, 'utf8');
      const stop = async (): Promise<void> => {
        await balancer.stop();
        await stopUpstream();
      };
      return { url: new URL(balancer.url), tls, ca, stop };
    };
    /** Of all tests but the one that stops it. */
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start();
      return server.stop;
    });

    /** A handshake, after which `use` has the socket. */
    const shake = async <Result>(
      { url, ca }: { readonly url: URL; readonly ca: string },
      options: ConnectionOptions,
      use: (socket: TLSSocket) => Result | Promise<Result>,
    ): Promise<Result> => {
      const socket = connect({ port: Number(url.port), host: '127.0.0.1', ca, ...options });
      try {
        await new Promise<void>((resolve, reject) => {
          socket.once('secureConnect', resolve).once('error', reject);
        });
        return await use(socket);
      } finally {
        socket.destroy();
      }
    };

    it('has a certificate for 127.0.0.1 and localhost, whose key nobody else reads', async () => {
      const { url, tls, ca } = server;
      expect(url.protocol).toBe('https:');
      expect(ca).not.toContain('PRIVATE KEY');
      expect(statSync(tls.pemFile).mode & 0o077).toBe(0);
      for (const options of [{}, { servername: 'localhost' }])
        expect(await shake({ url, ca }, options, ({ authorized }) => authorized)).toBe(true);
      await expect(shake({ url, ca: '' }, {}, () => undefined)).rejects.toThrow(/self-signed/);
    });

    it('passes requests and answers on over HTTP/1.1', async () => {
      const { url, ca } = server;
      const body = 'x'.repeat(100_000);
      const answer = await new Promise<string>((resolve, reject) => {
        request(url, { method: 'POST', ca }, (response) => resolve(text(response)))
          .on('error', reject)
          .end(body);
      });
      expect(answer).toBe(body);
    });

    it.runIf(http2)('passes requests and answers on over HTTP/2, many at a time', async () => {
      const { url, ca } = server;
      const session = connectHttp2(url.origin, { ca });
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => {
          const stream = session.request({ ':method': 'POST', ':path': '/mcp' });
          stream.end(`call ${at}`);
          return text(stream);
        }),
      );
      session.destroy();
      expect(answers).toEqual(Array.from({ length: 50 }, (_, at) => `call ${at}`));
    });

    it.each([
      [['h2', 'http/1.1'], http2 ? 'h2' : 'http/1.1'],
      [['http/1.1', 'h2'], http2 ? 'h2' : 'http/1.1'],
      [['http/1.1'], 'http/1.1'],
    ])('of %j chooses %s', async (offered, chosen) => {
      expect(await shake(server, { ALPNProtocols: offered }, ({ alpnProtocol }) => alpnProtocol)).toBe(
        chosen,
      );
    });

    it.each(['TLSv1.2', 'TLSv1.3'] as const)('resumes sessions of %s', async (maxVersion) => {
      const session = await shake(server, { maxVersion }, async (socket) => {
        // A ticket of TLS 1.3 comes after the handshake.
        const ticket = new Promise<Buffer>((resolve) => socket.once('session', resolve));
        if (maxVersion === 'TLSv1.2') return socket.getSession();
        socket.write('POST /mcp HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n');
        return ticket;
      });
      const resumed = (options: object) =>
        shake(server, { maxVersion, ...options }, (socket) => socket.isSessionReused());
      expect(await resumed({ session })).toBe(true);
      expect(await resumed({})).toBe(false);
    });

    it('ends while a handshake is under way', async () => {
      const { url, stop } = await start();
      const socket = connectPlain(Number(url.port), '127.0.0.1').on('error', () => {});
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      await stop();
      await closed;
    });
  });
}
