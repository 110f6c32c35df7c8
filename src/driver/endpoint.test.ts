import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { UserError } from '../units/user-error.ts';
import { CA } from './certificates.case.ts';
import { endpointOf } from './endpoint.ts';

const to = (url: string) => endpointOf({ url, tls: { insecure: false } });

describe('the endpoint', () => {
  it.each([
    [
      'http://127.0.0.1:3000/mcp',
      { secure: false, hostname: '127.0.0.1', port: 3000, authority: '127.0.0.1:3000', path: '/mcp' },
    ],
    ['http://example.test', { port: 80, authority: 'example.test', address: 'example.test:80', path: '/' }],
    [
      'https://example.test/a?b=c',
      { secure: true, port: 443, path: '/a?b=c', origin: 'https://example.test' },
    ],
    ['http://[::1]:8080/mcp', { hostname: '::1', authority: '[::1]:8080', address: '[::1]:8080' }],
    ['http://example.test/a b', { path: '/a%20b' }],
  ])('of %s', (url, want) => {
    expect(to(url)).toMatchObject(want);
  });

  it('verifies certificates unless set otherwise, and names names but no addresses', () => {
    expect(to('https://example.test').tls).toMatchObject({
      rejectUnauthorized: true,
      servername: 'example.test',
    });
    expect(to('https://127.0.0.1').tls).toEqual({ rejectUnauthorized: true });
    const insecure = endpointOf({ url: 'https://127.0.0.1', tls: { insecure: true } });
    expect(insecure.tls).toMatchObject({ rejectUnauthorized: false });
  });

  it.each(['', '/mcp', 'ftp://example.test', 'localhost:3000'])('refuses the URL "%s"', (url) => {
    expect(() => to(url)).toThrow(UserError);
  });

  it('says which file of certificates cannot be used', () => {
    const folder = scratch();
    const write = (name: string, text: string): string => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    };
    const take = (caFile: string) => endpointOf({ url: 'https://a.test', tls: { insecure: false, caFile } });
    expect(take(write('good.pem', CA)).tls.secureContext).toBeDefined();
    expect(() =>
      take(write('bad.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')),
    ).toThrow(/bad\.pem/);
    expect(() => take(join(folder, 'missing.pem'))).toThrow(/missing\.pem.*ENOENT/);
  });
});
