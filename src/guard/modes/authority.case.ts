/** @module An authorization server for tests of modes: it signs what it is told to, and serves keys, introspection and a list of revoked ids. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type CompactJWSHeaderParameters,
  CompactSign,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
} from 'jose';
import type { AuthAlgorithm } from '../../profile/auth-kinds.ts';
import type { AuthenticationInput } from '../guard.ts';

/** The time of the tests, in seconds since the epoch. */
export const NOW = 1_800_000_000;
export const RESOURCE = 'http://127.0.0.1:8080/mcp';

/** Keys of one algorithm. */
export interface Keys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** Public, with `kid` and `alg`. */
  readonly jwk: JWK;
}

export async function makeKeys(algorithm: string, kid: string): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } };
}

const ofOthers = new Map<string, Promise<Keys>>();

/** Keys that the authorization server does not have; made once, because keys of RSA take long to make. */
export function keysOfOthers(algorithm: string): Promise<Keys> {
  const keys = ofOthers.get(algorithm) ?? makeKeys(algorithm, 'first');
  ofOthers.set(algorithm, keys);
  return keys;
}

/** Signs any text under any header. */
export function signed(content: unknown, header: CompactJWSHeaderParameters, key: CryptoKey | Uint8Array) {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(content)))
    .setProtectedHeader(header)
    .sign(key);
}

/** A running authorization server. */
export class TestAuthority {
  /** Requests answered, by path. */
  readonly asked = { '/jwks': 0, '/introspect': 0, '/revoked': 0 };
  readonly revoked = new Set<string>();
  /** Answers no request with 200. */
  down = false;
  /** What `/introspect` answers whatever it is asked; undefined: what it knows of the token. */
  introspected: string | undefined;
  /** The value of `Authorization` in the last introspection. */
  authorization: string | undefined;
  readonly algorithm: AuthAlgorithm;
  readonly #server: Server;
  readonly #opaque = new Map<string, JWTPayload>();
  #keys: Keys;
  #serial = 0;

  static async start(algorithm: AuthAlgorithm): Promise<TestAuthority> {
    const keys = await makeKeys(algorithm, 'first');
    const server = createServer((request, response) => {
      authority.#answer(request).then(
        (answer) => response.writeHead(authority.down ? 503 : 200).end(answer),
        () => response.destroy(),
      );
    });
    const authority = new TestAuthority(algorithm, server, keys);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return authority;
  }

  private constructor(algorithm: AuthAlgorithm, server: Server, keys: Keys) {
    this.algorithm = algorithm;
    this.#server = server;
    this.#keys = keys;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get keys(): Keys {
    return this.#keys;
  }

  /** What a guard in `mode` is started with. */
  input(mode: AuthenticationInput['mode']): AuthenticationInput {
    return {
      mode,
      algorithm: this.algorithm,
      issuer: this.issuer,
      jwksUrl: `${this.issuer}/jwks`,
      introspection: { url: `${this.issuer}/introspect`, clientId: 'rs 1', clientSecret: 's:e/cret' },
      revocations: { url: `${this.issuer}/revoked`, everyUs: 3600e6 },
      cacheTtlUs: 2e6,
      gatewaySecret: 'between gateway and instances',
      plant: { busyUs: 0, skip: false },
    };
  }

  /** The claims of a good token, with `changes`; undefined leaves a claim out. */
  claims(changes: Readonly<Record<string, unknown>> = {}): JWTPayload {
    this.#serial += 1;
    const good = {
      iss: this.issuer,
      aud: RESOURCE,
      sub: 'agent-1',
      client_id: 'agents',
      scope: 'mcp:tools tool:echo',
      jti: `token-${this.#serial}`,
      iat: NOW - 10,
      exp: NOW + 300,
    };
    return JSON.parse(JSON.stringify({ ...good, ...changes }));
  }

  /** A signed token; `header` replaces parts of its header. */
  jwt(claims: JWTPayload, header: object = {}, key: CryptoKey | Uint8Array = this.#keys.privateKey) {
    const usual = { alg: this.algorithm, typ: 'at+jwt', kid: this.#keys.jwk.kid! };
    return signed(claims, { ...usual, ...header }, key);
  }

  /** A token that only introspection can read. */
  opaque(claims: JWTPayload, token = `opaque-${claims.jti}`): string {
    this.#opaque.set(token, claims);
    return token;
  }

  /** Signs with other keys from now on, which take the place of the earlier ones. */
  async rotate(kid: string): Promise<void> {
    this.#keys = await makeKeys(this.algorithm, kid);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage): Promise<string> {
    const path = request.url as keyof TestAuthority['asked'];
    this.asked[path] += 1;
    if (path === '/jwks') return JSON.stringify({ keys: [this.#keys.jwk] });
    if (path === '/revoked') return JSON.stringify([...this.revoked]);
    this.authorization = request.headers.authorization;
    const token = new URLSearchParams(await text(request)).get('token') ?? '';
    const claims = this.#opaque.get(token);
    const active = claims !== undefined && !this.revoked.has(claims.jti!);
    return this.introspected ?? JSON.stringify(active ? { active, ...claims } : { active: false });
  }
}
