import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findServer } from '../../credentials/discovery.ts';
import { openHttp } from '../../credentials/http.ts';
import { problemsOf } from '../../credentials/server.case.ts';
import { requestToken, type TokenRequest } from '../../credentials/token-request.ts';
import { settingsWith, startCredentials, URL } from './credentials.case.ts';

/** A request as a client of the authorization server of a testbed makes it, found through its metadata. */
async function prepared() {
  const testbed = await startCredentials(settingsWith('auth: { mode: jwt }'));
  onTestFinished(() => testbed.stop());
  const http = openHttp(2);
  onTestFinished(() => http.close());
  const { authority } = testbed;
  const { tokenEndpoint, issuer } = await findServer(http, authority.issuer);
  const { id, secret } = authority.input.clients[0]!;
  const jwk = authority.keys[id]!;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const byKey = { method: 'private_key_jwt', key, algorithm: 'ES256' } as const;
  const request: TokenRequest = {
    tokenEndpoint,
    issuer,
    clientId: id,
    authentication: byKey,
    resource: URL,
    scopes: ['tool:*'],
  };
  return { http, request, secret };
}

describe('a request to a real authorization server', () => {
  it('is answered with a token, however the client authenticates', async () => {
    const { http, request, secret } = await prepared();
    const ways = [
      request.authentication,
      { method: 'client_secret_basic', secret },
      { method: 'client_secret_post', secret },
    ] as const;
    for (const authentication of ways) {
      const token = await requestToken(http, { ...request, authentication });
      expect(token.id).toEqual(expect.any(String));
      expect(token.expiresAtEpochMs! - Date.now()).toBeGreaterThan(3500e3);
    }
  });

  it('with a wrong secret or another key is refused with a reason', async () => {
    const { http, request } = await prepared();
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const wrong = [
      { method: 'client_secret_basic', secret: 'wrong' },
      { method: 'private_key_jwt', key, algorithm: 'ES256' },
    ] as const;
    for (const authentication of wrong) {
      const problems = await problemsOf(requestToken(http, { ...request, authentication }));
      expect(problems).toEqual([expect.stringMatching(/no token \(401 invalid_client: .*\) \(check the id/)]);
    }
  });
});
