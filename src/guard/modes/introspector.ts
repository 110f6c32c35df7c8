/** @module The authorization server asked about a token. Source: RFC 7662. */
import type { AuthenticatorContext, Identity, Refused } from '../guard.ts';
import { scopesOf } from './access-token.ts';
import { AuthorityClient } from './authority-client.ts';
import { recorded } from './token-digest.ts';

/** A token that the authorization server calls active, and that is meant for this server. */
export interface ActiveToken {
  readonly identity: Identity;
  /** Seconds since the epoch; undefined: the answer does not say. */
  readonly expiresAt: number | undefined;
}

/** What an answer may say. Source: RFC 7662, section 2.2. */
interface Answer {
  readonly active?: unknown;
  readonly iss?: unknown;
  readonly aud?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
  readonly sub?: unknown;
  readonly client_id?: unknown;
  readonly scope?: unknown;
}

/** Introspects tokens. Without an answer that can be used, the token is refused. */
export class Introspector {
  readonly #context: AuthenticatorContext;
  readonly #authority = new AuthorityClient();
  readonly #url: URL;
  readonly #authorization: string;

  constructor(context: AuthenticatorContext) {
    const { url, clientId, clientSecret } = context.input.introspection;
    this.#context = context;
    this.#url = new URL(url);
    this.#authorization = basic(clientId, clientSecret);
  }

  /** Asks about `token`, whose digest is `digest`. Never rejects. */
  async ask(token: string, digest: string): Promise<ActiveToken | Refused> {
    const form = `token=${encodeURIComponent(token)}&token_type_hint=access_token`;
    const answer = await this.#authority.post(this.#url, this.#authorization, form);
    if (typeof answer !== 'object' || answer === null) return { refused: 'server-unavailable' };
    return this.#read(answer, digest);
  }

  stop(): Promise<void> {
    return this.#authority.stop();
  }

  #read(answer: Answer, digest: string): ActiveToken | Refused {
    const { active, iss, aud, exp, nbf, sub, client_id: client, scope } = answer;
    if (active === false) return { refused: 'revoked' };
    if (active !== true || typeof client !== 'string') return { refused: 'server-unavailable' };
    if (iss !== undefined && iss !== this.#context.input.issuer) return { refused: 'wrong-issuer' };
    if (!isAmong(aud, this.#context.resource())) return { refused: 'wrong-audience' };
    const now = this.#context.nowSeconds();
    if (typeof nbf === 'number' && nbf > now) return { refused: 'not-yet-valid' };
    if (typeof exp === 'number' && exp <= now) return { refused: 'expired' };
    return {
      identity: {
        client,
        // A client that acts for itself has no subject of its own.
        actor: typeof sub === 'string' ? sub : client,
        scopes: scopesOf(scope),
        tokenHash: recorded(digest),
      },
      expiresAt: typeof exp === 'number' ? exp : undefined,
    };
  }
}

/** `client_secret_basic`. Source: RFC 6749, section 2.3.1: both parts are form-encoded first. */
function basic(id: string, secret: string): string {
  const [user, password] = [id, secret].map((part) => new URLSearchParams({ part }).toString().slice(5));
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function isAmong(audience: unknown, resource: string): boolean {
  return Array.isArray(audience) ? audience.includes(resource) : audience === resource;
}
