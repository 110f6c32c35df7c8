/** @module The part `authority`: an authorization server with a client for each identity of the settings. */
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type AuthorityClient, type AuthorityInput, clientIdOf } from '../../authority/authority.ts';
import { startAuthority } from '../../authority/start-authority.ts';
import { AUTH_MODES } from '../../profile/auth-kinds.ts';
import type { IdentitySettings, Settings } from '../../profile/settings.ts';
import type { AuthorityOffer, Part } from '../part.ts';
import { UnexpectedExits } from '../unexpected-exits.ts';

/** With which clients authenticate by assertion (RFC 7523), whatever the access tokens are signed with. */
const CLIENT_ALGORITHM = 'ES256';

/** The client with which instances introspect. No identity has this id: its character `/` would be escaped. */
const RESOURCE_SERVER = 'paceline/instances';

/** The server for `settings`. Its clients are those of the identities, in their order. `startServer`: how it is started. */
export function authorityPart(
  { auth, identities }: Settings,
  startServer: typeof startAuthority = startAuthority,
): Part {
  return {
    async start({ signal, keep }) {
      const registered = await Promise.all(identities.map(registerClient));
      const input: AuthorityInput = {
        algorithm: auth.algorithm,
        tokens: AUTH_MODES[auth.mode].tokens === 'opaque' ? 'opaque' : 'jwt',
        lifetimeUs: auth.lifetimeUs,
        delayUs: auth.server.delayUs,
        clients: registered.map(({ client }) => client),
        resourceServer: { id: RESOURCE_SERVER, secret: newSecret() },
      };
      const authority = await startServer(input, keep, signal);
      const exits = new UnexpectedExits();
      exits.watch({ part: 'authority' }, authority.exited);
      const offer: AuthorityOffer = {
        ...authority.ready,
        input,
        keys: Object.fromEntries(registered.map(({ client, key }) => [client.id, key])),
        gatewaySecret: newSecret(),
        ask: authority.ask,
      };
      return {
        offers: {
          authority: offer,
          authControls: {
            async authorityDown(down) {
              await authority.ask({ kind: 'down', down });
            },
          },
          meters: [
            { measure: 'authority', read: async () => ({ ...(await authority.ask({ kind: 'counts' })) }) },
          ],
        },
        notes: () => exits.notes(),
        stop() {
          exits.expect(authority.exited);
          return authority.stop();
        },
      };
    },
  };
}

interface Registered {
  readonly client: AuthorityClient;
  /** Its private key. */
  readonly key: JWK;
}

async function registerClient({ name, scopes }: IdentitySettings): Promise<Registered> {
  const id = clientIdOf(name);
  const { publicKey, privateKey } = await generateKeyPair(CLIENT_ALGORITHM, { extractable: true });
  const [jwk, key] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
  return {
    client: { id, secret: newSecret(), jwk: { ...jwk, alg: CLIENT_ALGORITHM }, scopes },
    key: { ...key, alg: CLIENT_ALGORITHM },
  };
}

const newSecret = (): string => randomBytes(32).toString('base64url');
