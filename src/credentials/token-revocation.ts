/** @module The revocation of one token. Source: RFC 7009, section 2. */
import { UserError } from '../units/user-error.ts';
import { authenticate } from './client-authentication.ts';
import type { Http } from './http.ts';

/** The client that a token was issued to, and where it revokes it. */
export interface RevokingClient {
  readonly revocationEndpoint: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Resolves when the authorization server has confirmed that `token` is revoked. Rejects with a `UserError` when it does not. */
export async function revokeToken(
  http: Http,
  { revocationEndpoint: url, clientId, secret }: RevokingClient,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  const { headers } = await authenticate(clientId, { method: 'client_secret_basic', secret }, '');
  const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
  const body = new URLSearchParams({ token }).toString();
  const request = { of: 'the authorization server', method: 'POST', url, headers: form, body } as const;
  const { status } = await http.exchange(request, signal);
  if (status === 200) return;
  throw new UserError({
    where: url,
    what: `the authorization server did not revoke a token of the client ${clientId} (${status})`,
  });
}
