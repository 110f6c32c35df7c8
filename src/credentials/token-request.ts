/** @module One token request with the grant `client_credentials`. Source: RFC 6749, section 4.4. */
import { randomUUID } from 'node:crypto';
import { epochMs } from '../units/clock.ts';
import type { Millis } from '../units/time.ts';
import type { Problem } from '../units/user-error.ts';
import { UserError } from '../units/user-error.ts';
import { authenticate, type ClientAuthentication, formEncoded } from './client-authentication.ts';
import type { Http, HttpAnswer } from './http.ts';
import { type IssuedToken, readToken } from './issued-token.ts';
import { type JsonObject, parseJsonObject } from './json-object.ts';
import type { Prover } from './proof.ts';

export interface TokenRequest {
  readonly tokenEndpoint: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** URL of the server that the token is for. Source: RFC 8707. */
  readonly resource: string;
  /** Empty: those that the authorization server chooses. */
  readonly scopes: readonly string[];
  /** Binds the token to its key (DPoP). Absent: a bearer token. */
  readonly prove?: Prover | undefined;
}

/** Requests one token. Rejects with a `UserError` that quotes the server's reason, and never a secret. */
export async function requestToken(
  http: Http,
  request: TokenRequest,
  signal?: AbortSignal,
): Promise<IssuedToken> {
  const { tokenEndpoint, issuer, clientId, authentication, resource, scopes, prove } = request;
  const client = await authenticate(clientId, authentication, issuer);
  const parameters = new URLSearchParams({
    grant_type: 'client_credentials',
    ...client.parameters,
    resource,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  });
  const sentAt = epochMs();
  const proof = prove?.('POST', tokenEndpoint, undefined, Math.floor(sentAt / 1000), randomUUID());
  const answer = await http.exchange(
    {
      of: 'the authorization server',
      method: 'POST',
      url: tokenEndpoint,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...client.headers,
        ...(proof !== undefined && { dpop: proof }),
      },
      body: parameters.toString(),
    },
    signal,
  );
  const fields = parseJsonObject(answer.body) ?? {};
  const { access_token: value, expires_in: lifetime } = fields;
  if (answer.status !== 200 || typeof value !== 'string')
    throw new UserError(refusal(request, answer, fields, sentSecrets(request, client, proof)));
  const token = readToken(value);
  const expiresAtEpochMs =
    typeof lifetime === 'number' ? expiryOf(token, sentAt, lifetime) : token.expiresAtEpochMs;
  return { ...token, expiresAtEpochMs };
}

/** A JWT and the lifetime in the answer differ by more than this only if the clock of the authorization server is not ours. */
const SAME_CLOCK: Millis = 2000;

/** When a token expires by our clock. Lifetimes begin with the second in which a token is issued. */
function expiryOf(
  { expiresAtEpochMs: stated }: IssuedToken,
  sentAt: Millis,
  lifetimeSeconds: number,
): Millis {
  const counted = (Math.floor(sentAt / 1000) + lifetimeSeconds) * 1000;
  return stated !== undefined && Math.abs(stated - counted) <= SAME_CLOCK ? stated : counted;
}

/** What to do, by the error code. Source: RFC 6749, section 5.2; RFC 8707, section 2. */
const ADVICE: Readonly<Record<string, string>> = {
  invalid_client: 'check the id of the client, and its secret or key',
  unauthorized_client: 'allow the client the grant client_credentials',
  unsupported_grant_type: 'allow the grant client_credentials at the authorization server',
  invalid_scope: 'check the scopes of the identity',
  invalid_target: 'register the URL as a resource at the authorization server',
};

function refusal(
  { tokenEndpoint, clientId }: TokenRequest,
  { status }: HttpAnswer,
  { error, error_description: description }: JsonObject,
  secrets: readonly string[],
): Problem {
  const code = typeof error === 'string' ? error : undefined;
  const said = [code, typeof description === 'string' ? description : undefined]
    .filter((text) => text !== undefined)
    .map((text) => secrets.reduce((left, secret) => left.replaceAll(secret, '...'), text))
    .join(': ');
  const answered = said === '' ? `${status} without an error code` : `${status} ${said}`;
  const todo = code === undefined ? undefined : ADVICE[code];
  return {
    where: tokenEndpoint,
    what: `the authorization server gives the client ${clientId} no token (${answered})`,
    ...(todo !== undefined && { todo }),
  };
}

/** What a server may repeat and nobody else may read, in each form in which it was sent; the longest first. */
function sentSecrets(
  { authentication }: TokenRequest,
  { headers, parameters }: Awaited<ReturnType<typeof authenticate>>,
  proof: string | undefined,
): readonly string[] {
  const plain = 'secret' in authentication ? [authentication.secret] : [];
  const inHeaders = Object.values(headers).flatMap((value) => value.split(' ').slice(1));
  const { client_secret: secret, client_assertion: assertion } = parameters;
  const sent = [...plain, ...inHeaders, secret, assertion, proof].filter((text) => text !== undefined);
  const forms = sent.flatMap((text) => {
    const form = formEncoded(text);
    return [text, encodeURIComponent(text), form, decodeURIComponent(form)];
  });
  return [...new Set(forms)].filter((text) => text !== '').sort((a, b) => b.length - a.length);
}
