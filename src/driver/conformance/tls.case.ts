/** @module TLS: which certificates are trusted, and what is reported when one is not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scratch } from '../../units/scratch.case.ts';
import { CA, ELSEWHERE, GOOD } from '../certificates.case.ts';
import { answerWell, call, json, resultFor } from '../raw-server.case.ts';
import { exchange, GOOD_REPLY, range, type Suite } from './suite.case.ts';

export function tls({ test, serve, drive, forgive }: Suite): void {
  describe('TLS', () => {
    const caFile = join(scratch(), 'ca.pem');
    writeFileSync(caFile, CA);

    test('a certificate of an unknown authority', async () => {
      const server = await serve(answerWell, { tls: GOOD });
      const reply = await exchange(drive(server.url), call(1));
      expect(reply).toMatchObject({ outcome: 'tls-error', status: 0, cause: 'untrusted-certificate' });
      expect(reply.detail).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(server.received).toHaveLength(0);
    });

    test('a certificate of the given authority', async () => {
      const server = await serve(answerWell, { tls: GOOD });
      const driver = drive(server.url, { tls: { insecure: false, caFile } });
      await driver.warm();
      expect(await exchange(driver, call(1, 'ü'))).toMatchObject(GOOD_REPLY);
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
      expect(server.sockets).toHaveLength(1);
      const byName = drive(server.url.replace('127.0.0.1', 'localhost'), {
        tls: { insecure: false, caFile },
      });
      expect(await exchange(byName, call(3))).toMatchObject(GOOD_REPLY);
    });

    test('a certificate for another host', async () => {
      const server = await serve(answerWell, { tls: ELSEWHERE });
      const reply = await exchange(drive(server.url, { tls: { insecure: false, caFile } }), call(1));
      expect(reply).toMatchObject({ outcome: 'tls-error', cause: 'wrong-certificate' });
      expect(reply.detail).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    });

    test('a certificate for another host stays refused when the session could be resumed', async () => {
      // TLS 1.2 hands out the session before the certificate is verified, and a resumed session is not verified again.
      const server = await serve(answerWell, { tls: { ...ELSEWHERE, maxVersion: 'TLSv1.2' } });
      const driver = drive(server.url, { tls: { insecure: false, caFile } });
      for (const id of range(4)) {
        expect(await exchange(driver, call(id))).toMatchObject({ outcome: 'tls-error' });
      }
      expect(server.received).toHaveLength(0);
    });

    test('connections that are opened again', async () => {
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        const server = await serve(
          (request, socket) => socket.end(json(resultFor(request), ['Connection: close'])),
          { tls: { ...GOOD, maxVersion } },
        );
        const driver = drive(server.url, { tls: { insecure: false, caFile } });
        for (const id of range(4)) expect(await exchange(driver, call(id))).toMatchObject(GOOD_REPLY);
      }
    });

    test('no verification on request', async () => {
      const server = await serve(answerWell, { tls: ELSEWHERE });
      expect(await exchange(drive(server.url, { tls: { insecure: true } }), call(1))).toMatchObject(
        GOOD_REPLY,
      );
    });

    test('a server that does not speak TLS', async () => {
      const server = await serve(answerWell, {
        onConnect: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
      });
      const reply = await exchange(drive(server.url.replace('http:', 'https:')), call(1));
      expect(reply).toMatchObject({ outcome: 'tls-error' });
      // What a plain server sees of a handshake is no request; that is not the driver's fault here.
      await forgive(server);
    });
  });
}
