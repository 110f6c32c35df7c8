/** @module An authorization server for the suites of guarded servers: it signs any token, and answers what a guard asks. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll } from 'vitest';
import type { AuthenticationInput } from '../guard/guard.ts';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** The authorization server of a suite. */
export class TestAuthority {
  issuer = '';
  /** Answers are given; otherwise every request ends without one. */
  answers = true;
  #keys: KeyPair | undefined;
  #server: Server | undefined;

  async start(): Promise<void> {
    this.#keys = await generateKeyPair('ES256');
    const jwks = JSON.stringify({
      keys: [{ ...(await exportJWK(this.#keys.publicKey)), kid: 'k', alg: 'ES256' }],
    });
    this.#server = createServer((request, response) => {
      if (!this.answers) request.socket.destroy();
      else response.end(request.url === '/jwks' ? jwks : '[]');
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** A good access token of client `agent` for `resource`; `changes` replace claims. */
  token(resource: string, scope: string, changes: JWTPayload = {}): Promise<string> {
    const claims = {
      client_id: 'agent',
      sub: 'agent',
      scope,
      jti: crypto.randomUUID(),
      iss: this.issuer,
      aud: resource,
      exp: Math.floor(Date.now() / 1000) + 600,
    };
    return new SignJWT({ ...claims, ...changes })
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
      .setIssuedAt()
      .sign(this.#keys!.privateKey);
  }

  /** How a guard checks its tokens. */
  input(mode: AuthenticationInput['mode']): AuthenticationInput {
    return {
      mode,
      algorithm: 'ES256',
      issuer: this.issuer,
      jwksUrl: `${this.issuer}/jwks`,
      introspection: { url: `${this.issuer}/introspect`, clientId: 'rs', clientSecret: 'secret' },
      cacheTtlUs: 1e6,
      gatewaySecret: 'secret',
      plant: { busyUs: 0, skip: false },
    };
  }
}

/** Runs an authorization server during the suite. */
export function useAuthority(): TestAuthority {
  const authority = new TestAuthority();
  beforeAll(() => authority.start());
  afterAll(() => authority.stop());
  return authority;
}
