/** @module The key `identities`: which agents call with which rights, and where their tokens come from. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { variantSection } from './section.ts';
import {
  choice,
  flag,
  integer,
  isMapping,
  mapping,
  text,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/**
 * Tokens that a fleet must refuse, or the lack of one: each is a kind of refusal, measured apart. `valid`: a token of the
 * authorization server.
 */
export const TOKEN_KINDS = [
  'valid',
  'missing',
  'invalid',
  'expired',
  'not-yet-valid',
  'wrong-audience',
  'wrong-issuer',
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Where the tokens of an identity come from when Paceline does not start the authorization server. */
export type TokenSource =
  | { readonly kind: 'env'; readonly name: string }
  /** Read again when it changes. */
  | { readonly kind: 'file'; readonly path: string }
  /** Program and arguments; it prints the token. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly cwd: string }
  | ({ readonly kind: 'client-credentials' } & ClientCredentialsSettings)
  /** The headers of a server in an `mcp.json`. */
  | { readonly kind: 'mcp-json'; readonly path: string; readonly server: string };

/** A client at an authorization server. Secrets are referred to, never given. */
export interface ClientCredentialsSettings {
  /** Name of the environment variable that holds the client's id, or the id. */
  readonly clientId: string;
  /** Name of the environment variable with its secret. */
  readonly secretEnv?: string;
  /** Name of the environment variable with its private key (PEM or JWK), or an absolute path of a file with it. */
  readonly keyEnv?: string;
  readonly keyFile?: string;
  /** Algorithm of the key. */
  readonly algorithm: string;
  /** Issuer of the authorization server; absent: found from the target's metadata (RFC 9728, RFC 8414). */
  readonly issuer?: string;
}

/** A group of agents with the same rights. */
export interface IdentitySettings {
  readonly name: string;
  readonly agents: number;
  /** Scopes that its tokens are requested with. */
  readonly scopes: readonly string[];
  readonly token: TokenKind | TokenSource;
  /** What a target should answer to its calls; a fleet's answer follows from token and policy. */
  readonly expect: 'allow' | 'unauthorized' | 'forbidden';
  /** Whether tokens are renewed before they expire. */
  readonly refresh: boolean;
}

const ENV = text('the name of an environment variable');

const Source = mapping({
  env: ENV.optional().describe('Environment variable with the token.'),
  file: text('a path').optional().describe('File with the token, read again when it changes.'),
  command: z
    .array(text('a program or an argument'), { error: 'a list of program and arguments' })
    .min(1, { error: 'a program' })
    .optional()
    .describe('Program that prints the token; run again before it expires.'),
  mcpJson: text('a path').optional().describe('An `mcp.json` whose headers for `server` are used.'),
  server: text('a name').optional().describe('Name of the server in `mcpJson`.'),
  clientId: text('a client id').optional().describe('Id of a client of the authorization server.'),
  clientIdEnv: ENV.optional().describe('Environment variable with the id of the client.'),
  secretEnv: ENV.optional().describe('Environment variable with the secret of the client.'),
  keyEnv: ENV.optional().describe('Environment variable with the private key of the client (PEM or JWK).'),
  keyFile: text('a path').optional().describe('File with the private key of the client (PEM or JWK).'),
  algorithm: choice(['ES256', 'RS256', 'EdDSA'])
    .default('ES256')
    .describe('Algorithm with which the client signs its assertions.'),
  issuer: text('a URL')
    .optional()
    .describe('Issuer of the authorization server. Default: found from the metadata of the target.'),
});

const EXPECTATIONS = ['allow', 'unauthorized', 'forbidden'] as const;

const Identity = withRule(
  mapping({
    name: text('a name').describe('Name in the report; must be unique.'),
    agents: integer(1, 100_000).describe('How many of `load.agents` call with it, one after the other.'),
    scopes: z
      .array(text('a scope'), { error: 'a list of scopes' })
      .default(['tool:*'])
      .describe('Scopes of its tokens, such as `tool:echo` or `resource:db://users/*:read`.'),
    token: z
      .union([choice(TOKEN_KINDS), Source], {
        error: `${TOKEN_KINDS.join(', ')}, or a mapping that says where it comes from`,
      })
      .default('valid')
      .describe(
        'With a fleet: a token of its authorization server, or one that must be refused. With a target: `missing`, `invalid`, or where the token comes from.',
      ),
    expect: choice(EXPECTATIONS)
      .default('allow')
      .describe('With a target: what it should answer to the calls of this identity.'),
    refresh: flag().default(true).describe('Whether its tokens are renewed before they expire.'),
  }),
  (identity) => sourceProblems(identity['token']),
);

const SOURCES = ['env', 'file', 'command', 'mcpJson', 'clientId', 'clientIdEnv'] as const;

function sourceProblems(token: unknown): readonly Violation[] {
  if (!isMapping(token)) return [];
  const given = SOURCES.filter((key) => token[key] !== undefined);
  if (given.length === 1) return [];
  return violationAt(['token'], {
    what: given.length === 0 ? 'says no source' : `says ${given.length} sources`,
    expected: `one of ${SOURCES.join(', ')}`,
  });
}

export const identities = variantSection({
  schema: z
    .array(Identity, { error: 'a list of identities' })
    .default([])
    .describe('Who calls: groups of agents with rights of their own (docs/auth.md).'),
  complete: (identities, { folder }): { readonly identities: readonly IdentitySettings[] } => ({
    identities: identities.map((identity) => completeIdentity(identity, folder)),
  }),
});

function completeIdentity(identity: z.output<typeof Identity>, folder: string): IdentitySettings {
  const { token, ...rest } = identity;
  return { ...rest, token: typeof token === 'string' ? token : completeSource(token, folder) };
}

function completeSource(source: z.output<typeof Source>, folder: string): TokenSource {
  const { env, file, command, mcpJson, server, clientId, clientIdEnv, keyFile, ...client } = source;
  if (env !== undefined) return { kind: 'env', name: env };
  if (file !== undefined) return { kind: 'file', path: resolve(folder, file) };
  if (command !== undefined) return { kind: 'command', command, cwd: folder };
  if (mcpJson !== undefined)
    return { kind: 'mcp-json', path: resolve(folder, mcpJson), server: server ?? '' };
  const { secretEnv, keyEnv, algorithm, issuer } = client;
  return {
    kind: 'client-credentials',
    clientId: clientId ?? process.env[clientIdEnv!] ?? '',
    algorithm,
    ...(secretEnv !== undefined && { secretEnv }),
    ...(keyEnv !== undefined && { keyEnv }),
    ...(keyFile !== undefined && { keyFile: resolve(folder, keyFile) }),
    ...(issuer !== undefined && { issuer }),
  };
}
