/** @module The key `identities`: which agents call with which rights, and where their tokens come from. */
import { z } from 'zod';
import { ALL_TOOLS, hasAuthority, identityProblems } from './identity-rules.ts';
import { agentsOf } from './load.ts';
import { variantSection } from './section.ts';
import {
  completeSource,
  recordedToken,
  Source,
  sourceProblems,
  TOKEN_KINDS,
  type TokenKind,
  type TokenSource,
} from './token-source.ts';
import { choice, flag, integer, isMapping, type Mapping, mapping, text, withRule } from './values.ts';

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
      .optional()
      .describe(
        'With a target: what it should answer to the calls of this identity. Default: `allow`; without a token of a source `unauthorized`.',
      ),
    refresh: flag().default(true).describe('Whether its tokens are renewed before they expire.'),
  }),
  (identity) => sourceProblems(identity['token']),
);

export const identities = variantSection({
  schema: z
    .array(Identity, { error: 'a list of identities' })
    .default([])
    .describe(
      'Who calls: groups of agents with rights of their own (docs/auth.md). Default: with an `auth.mode` other than `none`, all agents are one identity that may call every tool.',
    ),
  secrets: [
    // A token by mistake in place of its source.
    { at: ['identities.*.token'], quotable: false, record: recordedToken },
  ],
  rule(profile) {
    const { identities } = profile;
    const given = Array.isArray(identities) ? (identities as readonly unknown[]) : [];
    return identityProblems(
      given.map((identity) => (isMapping(identity) ? identity : {})),
      profile,
    );
  },
  complete: (identities, { folder, profile }): { readonly identities: readonly IdentitySettings[] } => ({
    identities:
      identities.length === 0
        ? everyAgent(profile)
        : identities.map((identity) => completeIdentity(identity, folder, profile)),
  }),
});

/** The names of the identities of a profile; must not rely on the types of what it reads. */
export function identityNames(profile: Mapping): readonly string[] {
  const { identities } = profile;
  if (!Array.isArray(identities) || identities.length === 0)
    return everyAgent(profile).map(({ name }) => name);
  return (identities as readonly unknown[]).flatMap((one) =>
    isMapping(one) && typeof one['name'] === 'string' ? one['name'] : [],
  );
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
  const { expect = typeof token === 'string' && token !== 'valid' ? 'unauthorized' : 'allow' } = identity;
  return {
    ...rest,
    scopes,
    expect,
    token: typeof token === 'string' ? token : completeSource(token, folder),
  };
}
