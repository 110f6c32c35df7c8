/** @module The sides of an A/B comparison of revisions: the profile's own server, which each variant starts in a worktree of its own. */
import type { FleetSettings, Profile, Variant } from '../../profile/settings.ts';
import { UserError } from '../../units/user-error.ts';
import type { Worktree } from './worktrees.ts';

/** Throws a `UserError` when the profile does not start a server by a command: no other one depends on the revision. */
export function refuseOwnServers(profile: Profile, flags: string): void {
  for (const { settings } of profile.variants) commandOf(settings.endpoint, flags);
}

/** `profile` with the server of each variant started in the worktree at the same place, in the folder there that stands for its own. */
export function inWorktrees(profile: Profile, worktrees: readonly Worktree[]): Profile {
  return { ...profile, variants: profile.variants.map((variant, at) => moved(variant, worktrees[at]!)) };
}

function moved(variant: Variant, { wanted, standsFor }: Worktree): Variant {
  const endpoint = variant.settings.endpoint as FleetSettings;
  const server = commandOf(endpoint, wanted.flag);
  const cwd = standsFor(server.cwd);
  if (cwd === undefined) {
    throw new UserError({
      where: 'fleet.server.cwd',
      what: `${server.cwd} is outside of the repository in which paceline was started, so it is the same in all revisions`,
      expected: 'a folder in that repository',
    });
  }
  return {
    ...variant,
    settings: { ...variant.settings, endpoint: { ...endpoint, server: { ...server, cwd } } },
  };
}

function commandOf(
  endpoint: Variant['settings']['endpoint'],
  where: string,
): Exclude<FleetSettings['server'], string> {
  if (endpoint.kind === 'fleet' && typeof endpoint.server !== 'string') return endpoint.server;
  throw new UserError({
    where,
    what: 'the profile does not start a server of the repository, so revisions make no difference',
    expected: 'fleet.server with a command',
  });
}
