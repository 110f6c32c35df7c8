/** @module Rules of `identities` that concern the rest of a profile. */
import { counted } from '../../units/words.ts';
import { SERVERS, serverOf } from '../kinds.ts';
import { agentsOf } from './load.ts';
import { SOURCES, TOKEN_KINDS } from './token-source.ts';
import { chosen, isMapping, type Mapping, type RuleProblem, type Violation, violationAt } from './values.ts';

/** Scopes of a fleet's identity by default. */
export const ALL_TOOLS: readonly string[] = ['tool:*'];

/** What is wrong with `identities` in `profile`. Must not rely on the types of what it reads. */
export function identityProblems(identities: readonly Mapping[], profile: Mapping): readonly Violation[] {
  const ofAll = tokenPerCall(profile);
  if (identities.length === 0) return ofAll;
  return [
    ...ofAll,
    ...agentsInAll(identities, profile),
    ...duplicateNames(identities),
    ...tokensFor(identities, profile),
    ...otherAuthorization(profile),
    ...eventsOf(identities, profile),
  ];
}

/** Whether Paceline starts the authorization server: that of built-in servers. */
export function hasAuthority({ fleet }: Mapping): boolean {
  return isMapping(fleet) && SERVERS[serverOf(fleet['server']) ?? 'command'].ours;
}

/** Every agent has exactly one identity. */
function agentsInAll(identities: readonly Mapping[], { load }: Mapping): readonly Violation[] {
  const agents = agentsOf(load);
  const sum = identities.reduce((total, identity) => total + Number(identity['agents']), 0);
  if (Number.isNaN(sum) || sum === agents) return [];
  return violationAt(['identities'], {
    what: `have ${counted(sum, 'agent')} in all, and load.agents is ${agents}`,
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
  // Anything else is reported as a value that is not valid, and not quoted: it may be a token.
  const kind = chosen(TOKEN_KINDS, token);
  if (kind === undefined || kind === 'missing' || kind === 'invalid') return undefined;
  return {
    what: `${kind} needs an authorization server that Paceline starts, and this server has its own`,
    expected: `missing, invalid, or a mapping with one of ${SOURCES.join(', ')}`,
    todo: 'say where the token comes from',
  };
}

/** Only an authorization server of our own can be asked for that many tokens, and none of them is revoked while it is used. */
function tokenPerCall(profile: Mapping): readonly Violation[] {
  const { auth, events } = profile;
  if (!isMapping(auth) || auth['per'] !== 'call') return [];
  const onOwn = hasAuthority(profile) ? undefined : { what: 'call needs a fleet with a built-in server' };
  const problem = {
    what: 'has no effect with auth.per call: a token is used once',
    todo: 'use auth.per agent',
  };
  return [
    ...violationAt(['auth', 'per'], onOwn),
    ...eachEvent(events).flatMap(({ event, index }) =>
      event['revoke'] === undefined && event['removeScope'] === undefined
        ? []
        : violationAt(['events', index], problem),
    ),
  ];
}

/** A second header of this name would be sent besides that of the identity. */
function otherAuthorization(profile: Mapping): readonly Violation[] {
  return ['target', 'fleet'].flatMap((key) => {
    const where = profile[key];
    const headers = isMapping(where) && isMapping(where['headers']) ? where['headers'] : {};
    const name = Object.keys(headers).find((each) => /^authorization$/i.test(each));
    const problem = {
      what: 'cannot be combined with identities, which send their own',
      todo: 'leave it out',
    };
    return name === undefined ? [] : violationAt([key, 'headers', name], problem);
  });
}

/** Events change rights that an identity has. That there is such an identity, and so many agents, are rules of `events`. */
function eventsOf(identities: readonly Mapping[], { events }: Mapping): readonly Violation[] {
  return eachEvent(events).flatMap(({ event, index }) => {
    const key = event['revoke'] === undefined ? 'removeScope' : 'revoke';
    const { [key]: change, identity: named } = event;
    const of = identities.filter(({ name }) => named === undefined || name === named);
    if (change === undefined || of.length === 0) return [];
    const changed = of.find(({ token = 'valid' }) => token === 'valid');
    return violationAt(
      ['events', index, key],
      changed === undefined ? NO_VALID : LIMITS[key](change, changed),
    );
  });
}

const NO_VALID: RuleProblem = {
  what: 'needs an identity with valid tokens',
  todo: 'choose another identity, or leave the event out',
};

/** What is wrong with a change of an identity's rights. */
const LIMITS = {
  revoke: (agents: unknown, { name, agents: own }: Mapping): RuleProblem | undefined =>
    Number(agents) <= Number(own)
      ? undefined
      : {
          what: `is ${agents}, and ${String(name)} has ${counted(Number(own), 'agent')}`,
          expected: `at most ${String(own)}`,
        },
  removeScope: (scope: unknown, { name, scopes = ALL_TOOLS }: Mapping): RuleProblem | undefined =>
    !Array.isArray(scopes) || scopes.includes(scope)
      ? undefined
      : { what: `${String(scope)} is no scope of ${String(name)}`, expected: `one of ${scopes.join(', ')}` },
};

const eachEvent = (events: unknown): readonly { readonly event: Mapping; readonly index: number }[] =>
  (Array.isArray(events) ? (events as readonly unknown[]) : []).flatMap((event, index) =>
    isMapping(event) ? [{ event, index }] : [],
  );
