/** @module The variants whose result has figures of authorization, and what is said of each: its check, how its tokens are revoked, how its calls arrive. */
import { AUTH_MODES, type AuthModeName } from '../../profile/auth-kinds.ts';
import type { AuthEstimate, AuthFigures } from '../../result/measure/auth-figures.ts';
import type { EffectiveAuth } from '../../result/settings.ts';
import { formatMicros } from '../../units/time.ts';
import type { Measured, Model } from '../model.ts';
import { list } from '../wording.ts';

/** A variant with figures of authorization. */
export interface Authorized extends Measured {
  readonly auth: AuthFigures;
}

/** All variants with such figures, those without a check included; none where no caller had credentials. */
export function authorized({ measured }: Model): readonly Authorized[] {
  return measured.flatMap((one): readonly Authorized[] => {
    const { auth } = one.summary;
    return auth ? [{ ...one, auth }] : [];
  });
}

/** The time of authentication and policy together, as the answers state it; undefined where they do not. */
export function checkTime({ auth }: Authorized): AuthEstimate | undefined {
  return auth.estimates.find(({ name, p50Us }) => name === 'header' && p50Us !== null);
}

/** Whether something checks the calls: the fleet, or a target on its own. */
const isChecked = ({ auth }: Authorized): boolean => auth.mode !== 'none';

/** The variants whose calls are checked. */
export const checked = (model: Model): readonly Authorized[] => authorized(model).filter(isChecked);

const settingsOf = ({ variant }: Measured): EffectiveAuth | undefined => variant.settings.effective?.auth;

/** The row of a mode; undefined of a target, which has a check of its own. */
function kindOf(mode: string): (typeof AUTH_MODES)[AuthModeName] | undefined {
  return mode in AUTH_MODES ? AUTH_MODES[mode as AuthModeName] : undefined;
}

/** Whether something is checked in each call, even if from memory: not where a session is trusted once it is open. */
export const checksEveryCall = ({ auth }: Authorized): boolean =>
  kindOf(auth.mode)?.decides !== 'per-session';

/** The check in a few words: `jwt, ES256`, `introspection, policy scopes`; of a target `the check of the target`. */
export function checkText(one: Authorized): string {
  const kind = kindOf(one.auth.mode);
  if (kind === undefined) return 'the check of the target';
  const settings = settingsOf(one);
  return settings === undefined ? one.auth.mode : settingsText(settings);
}

/** The check of a fleet as it was set, in a few words: `jwt, ES256, policy scopes`. */
export function settingsText({ mode, algorithm, policy }: EffectiveAuth): string {
  return [
    mode,
    ...(kindOf(mode)?.tokens === 'jwt' ? [algorithm] : []),
    ...(policy === 'none' ? [] : [`policy ${policy}`]),
  ].join(', ');
}

/** How a token is revoked, as a clause; empty of a target, of which that is not known, and without a check. */
export function revocationText(one: Authorized): string {
  const kind = kindOf(one.auth.mode);
  const settings = settingsOf(one);
  if (kind === undefined || settings === undefined || !isChecked(one)) return '';
  const { revocation, cacheTtlUs, lifetimeUs } = settings;
  if (kind.decides === 'per-session') return 'an open session is not checked again';
  if (kind.tokens === 'opaque') {
    return kind.decides === 'for-a-time'
      ? `the authorization server is asked, and its answer is kept for ${formatMicros(cacheTtlUs)}`
      : 'the authorization server is asked on every call';
  }
  return revocation === 'list'
    ? `a list of revoked tokens is read every ${formatMicros(cacheTtlUs)}`
    : `a token is good until it expires, after ${lifetimeText(lifetimeUs)}`;
}

function lifetimeText(us: number): string {
  const minutes = us / 60e6;
  if (minutes < 2) return formatMicros(us);
  return minutes < 60 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}

const ARRIVALS: Readonly<Record<string, string>> = {
  poisson: 'Poisson arrivals',
  constant: 'evenly spaced arrivals',
};

/** How the calls of these variants arrive, which every sentence about a check says: `Poisson arrivals`, `a closed loop`. */
export function arrivalsText(some: readonly Measured[]): string {
  const texts = some.map(({ variant: { settings } }) => {
    const load = settings.effective?.load;
    if (load === undefined) return 'arrivals of an unknown kind';
    return load.shape.kind === 'closed' ? 'a closed loop' : (ARRIVALS[load.arrivals] ?? load.arrivals);
  });
  return list([...new Set(texts)]);
}
