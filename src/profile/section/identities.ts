/** @module The key `identities`: which agents call with which rights, and where their tokens come from. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { listOf } from '../../units/words.ts';
import { SERVERS, serverOf } from '../kinds.ts';
import { agentsOf } from './load.ts';
import { variantSection } from './section.ts';
import {
  choice,
  flag,
  integer,
  isMapping,
  type Mapping,
  mapping,
  type RuleProblem,
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
  /** Its id, or the name of the environment variable with it. */
  readonly clientId?: string;
  readonly clientIdEnv?: string;
  /** Name of the environment variable with its secret. */
  readonly secretEnv?: string;
  /** Name of the environment variable with its private key (PEM or JWK), or an absolute path of a file with it. */
  readonly keyEnv?: string;
  readonly keyFile?: string;
  /** Algorithm of the key. */
  readonly algorithm: string;
  /** Issuer of the authorization server; absent: found from the target's metadata (RFC 9728, RFC 8414). */
  readonly issuer?: string;
  /** URL that the tokens are for; absent: as the target's metadata says, else its URL. */
  readonly resource?: string;
}

/** A group of agents with the same rights. */
export interface IdentitySettings {
  readonly name: string;
  readonly agents: number;
  /** Scopes that its tokens are requested with; empty: those that a target asks for. */
  readonly scopes: readonly string[];
  readonly token: TokenKind | TokenSource;
  /** What a target should answer to its calls; a fleet's answer follows from token and policy. */
  readonly expect: 'allow' | 'unauthorized' | 'forbidden';
  /** Whether tokens are renewed before they expire. */
  readonly refresh: boolean;
}

/** By default, with a fleet. */
const ALL_TOOLS: readonly string[] = ['tool:*'];

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
  resource: text('a URL')
    .optional()
    .describe(
      'URL that the tokens are for (RFC 8707). Default: what the metadata of the target says, or its URL.',
    ),
});

const EXPECTATIONS = ['allow', 'unauthorized', 'forbidden'] as const;

const Identity = withRule(
  mapping({
    name: text('a name').describe('Name in the report; must be unique.'),
    agents: integer(1, 100_000).describe('How many of `load.agents` call with it, one after the other.'),
    scopes: z
      .array(text('a scope'), { error: 'a list of scopes' })
      .optional()
      .describe(
        `Scopes of its tokens, such as \`tool:echo\` or \`resource:db://users/*:read\`. Default: with a fleet \`${ALL_TOOLS[0]}\`; with a target those that it asks for.`,
      ),
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

/** How a client proves who it is. */
const PROOFS = ['secretEnv', 'keyEnv', 'keyFile'] as const;
/** Keys that only have an effect beside others. */
const ONLY_WITH: readonly {
  readonly keys: readonly string[];
  readonly needs: readonly (typeof SOURCES)[number][];
}[] = [
  { keys: [...PROOFS, 'issuer', 'resource'], needs: ['clientId', 'clientIdEnv'] },
  { keys: ['server'], needs: ['mcpJson'] },
];

function sourceProblems(token: unknown): readonly Violation[] {
  if (!isMapping(token)) return [];
  const [source, ...others] = SOURCES.filter((key) => token[key] !== undefined);
  if (source === undefined || others.length > 0) {
    return violationAt(['token'], {
      what: source === undefined ? 'says no source' : `says ${others.length + 1} sources`,
      expected: `one of ${SOURCES.join(', ')}`,
    });
  }
  const without = ONLY_WITH.flatMap(({ keys, needs }) => {
    const problem = { what: `has no effect without ${needs[0]}`, todo: 'leave it out' };
    return needs.includes(source)
      ? []
      : keys.flatMap((key) => (token[key] === undefined ? [] : violationAt(['token', key], problem)));
  });
  return [...without, ...(source === 'clientId' || source === 'clientIdEnv' ? proofProblems(token) : [])];
}

function proofProblems(token: Mapping): readonly Violation[] {
  const given = PROOFS.filter((key) => token[key] !== undefined);
  if (given.length === 1) return [];
  return violationAt(['token'], {
    what: given.length === 0 ? 'says neither a secret nor a key of the client' : `sets ${listOf(given)}`,
    expected: `exactly one of ${PROOFS.join(', ')}`,
  });
}

export const identities = variantSection({
  schema: z
    .array(Identity, { error: 'a list of identities' })
    .default([])
    .describe(
      'Who calls: groups of agents with rights of their own (docs/auth.md). Default: with an `auth.mode` other than `none`, all agents are one identity that may call every tool.',
    ),
  rule(profile) {
    const { identities } = profile;
    if (!Array.isArray(identities) || identities.length === 0) return [];
    const given = (identities as readonly unknown[]).map((identity) => (isMapping(identity) ? identity : {}));
    return [...agentsInAll(given, profile), ...duplicateNames(given), ...tokensFor(given, profile)];
  },
  complete: (identities, { folder, profile }): { readonly identities: readonly IdentitySettings[] } => ({
    identities:
      identities.length === 0
        ? everyAgent(profile)
        : identities.map((identity) => completeIdentity(identity, folder, profile)),
  }),
});

/** Every agent has exactly one identity. */
function agentsInAll(identities: readonly Mapping[], { load }: Mapping): readonly Violation[] {
  const agents = agentsOf(load);
  const sum = identities.reduce((total, identity) => total + Number(identity['agents']), 0);
  if (Number.isNaN(sum) || sum === agents) return [];
  return violationAt(['identities'], {
    what: `have ${sum} agents in all, and load.agents is ${agents}`,
    expected: 'the same number, because each agent has one identity',
    todo: `set load.agents to ${sum}, or change the agents of the identities`,
  });
}

function duplicateNames(identities: readonly Mapping[]): readonly Violation[] {
  const names = identities.map(({ name }) => name);
  const problem = { what: 'is a duplicate', expected: 'a different name for each identity' };
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? violationAt(['identities', index, 'name'], problem)
      : [],
  );
}

/** Servers that have an authorization server of Paceline take its tokens only; the others have one of their own. */
function tokensFor(identities: readonly Mapping[], profile: Mapping): readonly Violation[] {
  const { fleet, target } = profile;
  if (fleet === undefined && target === undefined) return [];
  const ours = hasAuthority(profile);
  return identities.flatMap(({ token = 'valid' }, index) =>
    violationAt(['identities', index, 'token'], ours ? problemOfOurs(token) : problemOfOther(token, fleet)),
  );
}

/** Whether Paceline starts the authorization server: that of built-in servers. */
function hasAuthority({ fleet }: Mapping): boolean {
  return isMapping(fleet) && SERVERS[serverOf(fleet['server']) ?? 'command'].ours;
}

function problemOfOurs(token: unknown): RuleProblem | undefined {
  if (!isMapping(token)) return undefined;
  return {
    what: 'says where the token comes from, and this fleet has an authorization server of its own',
    expected: TOKEN_KINDS.join(', '),
  };
}

function problemOfOther(token: unknown, fleet: unknown): RuleProblem | undefined {
  if (fleet !== undefined && isMapping(token) && (token['clientId'] ?? token['clientIdEnv']) !== undefined) {
    return {
      what: 'needs a target: the URL of this fleet, which tokens are for, is not known in advance',
      expected: 'env, file, command or mcpJson',
    };
  }
  if (isMapping(token) || token === 'missing' || token === 'invalid') return undefined;
  return {
    what: `${String(token)} needs an authorization server that Paceline starts, and this server has its own`,
    expected: `missing, invalid, or a mapping with one of ${SOURCES.join(', ')}`,
    todo: 'say where the token comes from',
  };
}

/** The identity of all agents where none is given. */
function everyAgent({ auth, load }: Mapping): readonly IdentitySettings[] {
  const mode = isMapping(auth) ? auth['mode'] : undefined;
  if (mode === undefined || mode === 'none') return [];
  const rights = { scopes: ALL_TOOLS, token: 'valid', expect: 'allow', refresh: true } as const;
  return [{ name: 'agents', agents: agentsOf(load), ...rights }];
}

function completeIdentity(
  identity: z.output<typeof Identity>,
  folder: string,
  profile: Mapping,
): IdentitySettings {
  const { token, scopes = hasAuthority(profile) ? ALL_TOOLS : [], ...rest } = identity;
  return { ...rest, scopes, token: typeof token === 'string' ? token : completeSource(token, folder) };
}

function completeSource(source: z.output<typeof Source>, folder: string): TokenSource {
  const { env, file, command, mcpJson, server, keyFile, ...client } = source;
  if (env !== undefined) return { kind: 'env', name: env };
  if (file !== undefined) return { kind: 'file', path: resolve(folder, file) };
  if (command !== undefined) return { kind: 'command', command, cwd: folder };
  if (mcpJson !== undefined)
    return { kind: 'mcp-json', path: resolve(folder, mcpJson), server: server ?? '' };
  const { clientId, clientIdEnv, secretEnv, keyEnv, algorithm, issuer, resource } = client;
  return {
    kind: 'client-credentials',
    algorithm,
    ...(clientId !== undefined && { clientId }),
    ...(clientIdEnv !== undefined && { clientIdEnv }),
    ...(secretEnv !== undefined && { secretEnv }),
    ...(keyEnv !== undefined && { keyEnv }),
    ...(keyFile !== undefined && { keyFile: resolve(folder, keyFile) }),
    ...(issuer !== undefined && { issuer }),
    ...(resource !== undefined && { resource }),
  };
}
