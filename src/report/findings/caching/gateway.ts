/** @module Findings about a cache at the gateway: calls that no check saw, and results that it keeps once for each token. */
import { type Cached, keeping, nounOf } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { list, plural } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

export function gatewayFindings(model: Model): readonly Finding[] {
  const gateways = keeping(model).filter(({ cache }) => cache.at === 'gateway');
  return [...unchecked(gateways), ...perToken(gateways)];
}

/** Whether the instances check who calls. */
const isChecked = ({ variant }: Cached): boolean =>
  (variant.settings.effective?.auth?.mode ?? 'none') !== 'none';

function unchecked(gateways: readonly Cached[]): readonly Finding[] {
  return gateways
    .filter((one) => isChecked(one) && one.cache.uncheckedHits > 0)
    .map((one) => ({
      tone: 'warning',
      text: `${quoted(one.name)}: the gateway answered ${plural(one.cache.uncheckedHits, 'call')} from its cache, and no instance checked the token of these. Whoever reaches the gateway gets a public result as long as it is fresh, also with a token that is expired or revoked: cacheScope is no access control.`,
    }));
}

/** Every caller may see the same, and each token has an entry of its own all the same. */
function perToken(gateways: readonly Cached[]): readonly Finding[] {
  const some = gateways.filter((one) => isPrivate(one) && isSameForAll(one));
  if (some.length === 0) return [];
  return [
    {
      tone: 'warning',
      text: `${list(some.map(({ name }) => quoted(name)))}: ${nounOf(some)} are private although no policy makes them differ by caller, so that the gateway keeps one for each token. As public results, all callers would share one.`,
    },
  ];
}

function isPrivate({ cache }: Cached): boolean {
  const scopes = Object.values(cache.byMethod).flatMap((one) => Object.entries(one.scopes));
  return scopes.length > 0 && scopes.every(([scope, answers]) => scope === 'private' || answers === 0);
}

/** The built-in servers list the same for everybody unless a policy says otherwise. */
function isSameForAll({ variant }: Cached): boolean {
  const { effective } = variant.settings;
  return effective?.fleet?.command === null && (effective.auth?.policy ?? 'none') === 'none';
}
