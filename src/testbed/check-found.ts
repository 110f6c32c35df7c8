/** @module Checks, after a server was probed, whether the load can be made as the profile says. */
import type { ForeignServer } from '../generator/agent/foreign-server.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Settings } from '../profile/settings.ts';
import { unsupportedDiscover, unsupportedEra, unsupportedPolicyEra } from '../profile/unsupported.ts';
import { safeDetail } from '../protocol/detail.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import type { Note } from './note.ts';
import type { Found } from './probe.ts';

/**
 * What is known of the server that a probe found. Throws a {@link UserError} when the driver or the policy of a variant does not
 * support its era, or when the mix has a tool that clients must not call or a method that its era lacks.
 */
export function checkFound(
  settings: Pick<Settings, 'load' | 'balancer' | 'calls'>,
  found: Found,
): ForeignServer {
  const { load, balancer } = settings;
  const driver = unsupportedEra(load.driver, found.era);
  const policy = balancer && unsupportedPolicyEra(balancer.policy, found.era);
  const problems = [
    ...(driver ? [{ where: 'load.driver', ...driver }] : []),
    ...(policy ? [{ where: 'balancer.policy', ...policy }] : []),
    ...forbiddenTools(settings, found),
    ...missingDiscover(settings, found),
  ];
  if (problems.length > 0) throw new UserError(problems);
  const { tools = [], session } = found;
  return { tools, ...(session && { session }) };
}

function missingDiscover({ calls }: Pick<Settings, 'calls'>, { era }: Found): readonly Problem[] {
  const problem = unsupportedDiscover(era);
  if (problem === undefined) return [];
  return calls.flatMap(({ method }, index) =>
    method === 'server/discover' ? { where: `calls.${index}.discover`, ...problem } : [],
  );
}

function forbiddenTools({ calls }: Pick<Settings, 'calls'>, { tools = [] }: Found): readonly Problem[] {
  return calls.flatMap(({ tool }, index) => {
    const fault = tools.find(({ name }) => name === tool)?.fault;
    if (tool === undefined || fault === undefined) return [];
    return {
      where: `calls.${index}.tool`,
      what: safeDetail(`clients must not call ${tool}, because its schema is not valid: ${fault}`),
      todo: 'leave it out, or correct the schema that the server lists',
    };
  });
}

/** The notes on the answers of a server that a probe at `url` found. */
export function foundNotes(
  part: 'target' | 'fleet',
  found: Found,
  url: string,
  { agents }: Pick<Settings, 'agents'>,
): readonly Note[] {
  return [
    ...(found.idsAsText ? [{ kind: 'ids-as-text', part } as const] : []),
    ...(found.setsCookies ? [{ kind: 'cookies', part, kept: agents.cookies === 'keep' } as const] : []),
    ...(found.url === url ? [] : [redirected(part, url, found.url)]),
  ];
}

function redirected(part: 'target' | 'fleet', from: string, to: string): Note {
  return { kind: 'redirected', part, from: withoutSecretParameters(from), to: withoutSecretParameters(to) };
}
