import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GOOD } from '../driver/certificates.case.ts';
import type { HttpChoice } from '../profile/kinds.ts';
import { systemClock } from '../units/clock.ts';
import { describeProblem, UserError } from '../units/user-error.ts';
import { probe } from './probe.ts';

const ignore = (): void => {};

describe('a server that does not speak the version of HTTP that it is asked for', () => {
  let server: Server;
  afterEach(() => {
    server.close();
  });

  const messageOf = async (scheme: 'http' | 'https', http: HttpChoice): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const driver = {
      ...{ url: `${scheme}://${address}/mcp`, connections: 1, timeoutUs: 300e3, checkIds: true, http },
      ...{ clock: systemClock, instanceHeader: 'x-served-by', tls: { insecure: true } },
    };
    const failure: unknown = await probe({
      ...{ driver, era: 'auto', eraKey: 'target.era', headers: {}, session: 'end' },
    }).catch((error: unknown) => error);
    if (!(failure instanceof UserError)) throw failure;
    return failure.problems.map(describeProblem).join('\n').replaceAll(address, 'ADDRESS');
  };

  it.each<readonly [string, () => Server, 'http' | 'https', HttpChoice, RegExp]>([
    [
      'HTTP/1.1 only, without TLS',
      () => createServer(ignore),
      'http',
      '2',
      /^http:\/\/ADDRESS\/mcp: the server answers in HTTP\/1\.1, not HTTP\/2: "HTTP\/1\.1 400 [^(]*from ADDRESS \(set load\.http to 1\.1\)$/,
    ],
    [
      'HTTP/2 only, without TLS',
      () => createHttp2Server(ignore),
      'http',
      'auto',
      /^http:\/\/ADDRESS\/mcp: the server answers in HTTP\/2, not HTTP\/1\.1: "[^(]*" \(set load\.http to 2\)$/,
    ],
    [
      'HTTP/1.1 only, with TLS',
      () => createSecureServer(GOOD, ignore),
      'https',
      '2',
      /^https:\/\/ADDRESS\/mcp: ERR_TLS_ALPN ADDRESS \(the server accepts none of the protocols that ALPN offered: h2\) \(set load\.http to a version that the server accepts, or to auto\)$/,
    ],
    [
      'HTTP/2 without a stream',
      () => createHttp2Server({ settings: { maxConcurrentStreams: 0 } }, ignore),
      'http',
      '2',
      /^http:\/\/ADDRESS\/mcp: not sent within 300 ms: the server allows no calls on a connection \(SETTINGS_MAX_CONCURRENT_STREAMS is 0\) \(allow streams in the settings of the server, or set load\.http to 1\.1\)$/,
    ],
  ])('is told so once, and what to do: %s', async (_, create, scheme, http, message) => {
    server = create();
    expect(await messageOf(scheme, http)).toMatch(message);
  });
});
