/** @module `identities[].token`: where the tokens of an identity come from. Secrets are referred to, never given. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { listOf } from '../../units/words.ts';
import { holdsCredentials, NOT_RECORDED } from '../secrets.ts';
import type { Secrets } from './section.ts';
import { choice, isMapping, type Mapping, mapping, text, type Violation, violationAt } from './values.ts';

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
interface ClientCredentialsSettings {
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

/** Credentials in a URL would be recorded. */
function serverUrl(): z.ZodString {
  const error = 'an http or https URL without user and password';
  return z
    .string({ error })
    .refine((value) => /^https?:/i.test(value) && URL.canParse(value) && !holdsCredentials(value), { error })
    .meta({ format: 'uri', patternErrorMessage: error });
}

const ENV = text('the name of an environment variable');

export const Source = mapping({
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
  issuer: serverUrl()
    .optional()
    .describe('Issuer of the authorization server. Default: found from the metadata of the target.'),
  resource: serverUrl()
    .optional()
    .describe(
      'URL that the tokens are for (RFC 8707). Default: what the metadata of the target says, or its URL.',
    ),
});

/** The keys that say a source. */
export const SOURCES = ['env', 'file', 'command', 'mcpJson', 'clientId', 'clientIdEnv'] as const;

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

/** What is wrong with the sources in a token. */
export function sourceProblems(token: unknown): readonly Violation[] {
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

/** What is recorded of a token's source: names, but no arguments of a program, which may be secrets. */
export function recordedToken(value: string, key: string): ReturnType<Secrets['record']> {
  return /^command\.[1-9]/.test(key)
    ? { value: NOT_RECORDED, hidden: ['token.command'] }
    : { value, hidden: [] };
}

/** The source with absolute paths. */
export function completeSource(source: z.output<typeof Source>, folder: string): TokenSource {
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
