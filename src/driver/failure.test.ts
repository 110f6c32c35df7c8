import { describe, expect, it } from 'vitest';
import { failureOf, timedOut } from './failure.ts';

const error = (code: string, message = 'what happened'): Error => Object.assign(new Error(message), { code });

describe('failures on the way', () => {
  it.each([
    ['ECONNREFUSED', 'connecting', false, 'refused', 'ECONNREFUSED a:1'],
    ['EHOSTUNREACH', 'connecting', false, 'refused', 'EHOSTUNREACH a:1'],
    ['ENOTFOUND', 'connecting', true, 'refused', 'ENOTFOUND a:1'],
    [
      'EADDRNOTAVAIL',
      'connecting',
      false,
      'refused',
      'EADDRNOTAVAIL a:1 (this machine has no free port left for the connection: lower load.maxConnections)',
    ],
    [
      'EMFILE',
      'connecting',
      false,
      'refused',
      'EMFILE a:1 (this process has as many files open as it may: raise ulimit -n, or lower load.maxConnections)',
    ],
    ['ECONNRESET', 'connecting', false, 'refused', 'ECONNRESET a:1'],
    ['ECONNRESET', 'connecting', true, 'tls-error', 'ECONNRESET a:1 (closed during the TLS handshake)'],
    ['ECONNRESET', 'connected', true, 'reset', 'ECONNRESET a:1'],
    ['EPIPE', 'connected', false, 'reset', 'EPIPE a:1'],
    ['CERT_HAS_EXPIRED', 'connecting', true, 'tls-error', 'CERT_HAS_EXPIRED a:1 (what happened)'],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'connecting',
      true,
      'tls-error',
      'SELF_SIGNED_CERT_IN_CHAIN a:1 (what happened)',
    ],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'connecting',
      true,
      'tls-error',
      'ERR_SSL_WRONG_VERSION_NUMBER a:1 (what happened)',
    ],
  ] as const)('%s while %s (TLS: %s) is %s', (code, stage, secure, outcome, detail) => {
    expect(failureOf(error(code), stage, 'a:1', secure)).toMatchObject({ outcome, detail });
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted-certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted-certificate'],
    ['CERT_HAS_EXPIRED', 'wrong-certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined],
    ['ECONNRESET', undefined],
  ])('the cause of %s is %s', (code, cause) => {
    expect(failureOf(error(code), 'connecting', 'a:1', true).cause).toBe(cause);
  });

  it.each([
    [
      'wrong version number',
      'the server does not speak TLS; if that is intended, use a URL that begins with http://',
    ],
    ['sslv3 alert handshake failure', 'sslv3 alert handshake failure'],
  ])('says what OpenSSL means by %s, and not how it says it', (reason, shown) => {
    const raw = `805C3E0A337F0000:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../deps/openssl/record.c:355:\n`;
    expect(failureOf(error('EPROTO', raw), 'connecting', 'a:1', true)).toEqual({
      outcome: 'tls-error',
      detail: `EPROTO a:1 (${shown})`,
    });
  });

  it('says what was waited for', () => {
    expect(timedOut('waiting', 5e6)).toEqual({ outcome: 'timeout', detail: 'no connection within 5 s' });
    expect(timedOut('sent', 250e3).detail).toBe('no answer within 250 ms');
    expect(timedOut('answering', 1e6).detail).toBe('no complete answer within 1 s');
    expect(timedOut('sent', 700e3, 690e3).detail).toBe(
      'no answer within 700 ms, most of which was the wait for a connection',
    );
    expect(timedOut('sent', 700e3, 350e3).detail).toBe('no answer within 700 ms');
    expect(timedOut('waiting', 700e3, 690e3).detail).toBe('no connection within 700 ms');
    expect(timedOut('in-event', 1e6).detail).toBe(
      'no complete answer within 1 s: no empty line follows the data of the last event',
    );
  });
});
