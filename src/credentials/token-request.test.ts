import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../units/user-error.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { openHttp } from './http.ts';
import { requestToken } from './token-request.ts';

const SECRET = 'SUPER secret/ü';

/** Refuses every client, and repeats all that it was sent. */
const talkative = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    const sent = `${request.headers.authorization ?? ''} ${body} ${decodeURIComponent(body)}`;
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'invalid_client', error_description: `refused: ${sent}` }));
  });
});
const http = openHttp(1);
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => talkative.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(talkative.address() as AddressInfo).port}/token`;
});
afterAll(async () => {
  await http.close();
  talkative.close();
});

async function refused(authentication: ClientAuthentication): Promise<string> {
  const request = {
    tokenEndpoint: url,
    issuer: url,
    clientId: 'cid',
    authentication,
    resource: url,
    scopes: [],
  };
  const error = await requestToken(http, request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error('expected a UserError');
  return JSON.stringify(error.problems);
}

describe('the error of a refused token request', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'quotes the reason of the server, and no form of the secret that it repeats: %s',
    async (method) => {
      const text = await refused({ method, secret: SECRET });
      expect(text).toContain('401 invalid_client: refused:');
      const pair = `cid:${new URLSearchParams({ '': SECRET }).toString().slice(1)}`;
      for (const form of [SECRET, encodeURIComponent(SECRET), Buffer.from(pair).toString('base64')])
        expect(text).not.toContain(form);
      expect(text).not.toMatch(/SUPER/);
    },
  );

  it('quotes no assertion', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const text = await refused({ method: 'private_key_jwt', key: privateKey, algorithm: 'ES256' });
    expect(text).toContain('401 invalid_client: refused:');
    expect(text).not.toMatch(/eyJ/);
  });
});
