/** @module Keeps values that sections mark as possible credentials out of results and messages. */
import { holdsCredentials } from '../secrets.ts';
import type { Secrets } from '../section/section.ts';
import type { Mapping } from '../section/values.ts';
import type { Format } from './format.ts';
import { unshare } from './source.ts';

type Secretive = Pick<Format, 'secrets' | 'variantsKey'>;

/** The path relative to the profile, for a path that may be inside a variant. */
export function inProfile(path: string, { variantsKey }: Secretive): string {
  const [first, index, ...rest] = path.split('.');
  return first === variantsKey && index !== undefined && /^\d+$/.test(index) ? rest.join('.') : path;
}

/** A place of secrets as it is in `path`: `*` stands for any place in a list. */
function placeIn(at: string, path: string): string {
  const parts = path.split('.');
  return at
    .split('.')
    .map((part, index) => (part === '*' && /^\d+$/.test(parts[index] ?? '') ? parts[index] : part))
    .join('.');
}

/** Whether a value at `path` may be, contain or be part of a value that messages must not quote. */
export function mayHoldSecrets(path: string, format: Secretive): boolean {
  const own = `${inProfile(path, format)}.`;
  return unquotable(format).some((place) => {
    const at = placeIn(place, own);
    return own.startsWith(`${at}.`) || `${at}.`.startsWith(own);
  });
}

/** Whether a message must not quote `value`, which is at `path`: a credential with a mistake in it is still a credential. */
export function isSecret(path: string, value: unknown, format: Secretive): boolean {
  const own = inProfile(path, format);
  if (typeof value === 'object' && Object.keys(value ?? {}).length > 0)
    return path === format.variantsKey || own === '' || mayHoldSecrets(path, format);
  return (
    unquotable(format).some((at) => `${own}.`.startsWith(`${placeIn(at, own)}.`)) || holdsCredentials(value)
  );
}

const unquotable = ({ secrets }: Secretive): readonly string[] =>
  secrets.filter(({ quotable }) => !quotable).flatMap(({ at }) => at);

/** A place as shown in messages: a key that may contain a value by mistake is cut short. */
export function shownPlace(
  place: readonly (string | number)[],
  { secrets }: Secretive,
): readonly (string | number)[] {
  const mappings = secrets.filter(({ inKeys }) => inKeys === true).flatMap(({ at }) => at);
  if (!mappings.some((at) => place.join('.').startsWith(`${at}.`))) return place;
  return place.map((key) => (typeof key === 'string' ? key.replace(/[\s:=].*$/s, '...') : key));
}

/** The names of hidden values, by the section's entry that caused them to be hidden. */
type Hidden = Map<Secrets, Set<string>>;

/** `document` with the credentials in it and in its variants replaced, and the notices about that. */
export function withoutSecrets(
  document: Mapping,
  format: Secretive,
): { readonly document: Mapping; readonly notices: readonly string[] } {
  const copy = unshare(document);
  const hidden: Hidden = new Map();
  hide(copy, '', format, hidden);
  const variants = copy[format.variantsKey];
  for (const variant of Array.isArray(variants) ? variants : []) hide(variant, '', format, hidden);
  const notices = format.secrets.flatMap((each) => {
    const names = [...(hidden.get(each) ?? [])];
    return names.length === 0 || each.notice === undefined ? [] : each.notice(names);
  });
  return {
    document: copy,
    notices: notices.map((what) => `${what} is sent, and not recorded in the result`),
  };
}

/** The overrides of a variant, with credentials replaced. */
export function overridesWithoutSecrets(overrides: Mapping, format: Secretive): Mapping {
  const copy = unshare(overrides);
  hide(copy, '', format, new Map());
  return copy;
}

/** Replaces credentials in place and notes what was hidden; keys may be dotted paths. */
function hide(node: unknown, path: string, format: Secretive, hidden: Hidden): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const whole = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') (node as Mapping)[key] = recorded(whole, value, format, hidden);
    else hide(value, whole, format, hidden);
  }
}

/** `value`, which is at `path`, as it may be recorded. */
function recorded(path: string, value: string, { secrets }: Secretive, hidden: Hidden): string {
  for (const entry of secrets) {
    const at = entry.at
      .map((place) => placeIn(place, path))
      .find((prefix) => `${path}.`.startsWith(`${prefix}.`));
    if (at === undefined) continue;
    const result = entry.record(value, path.slice(at.length + 1));
    hidden.set(entry, new Set([...(hidden.get(entry) ?? []), ...result.hidden]));
    return result.value;
  }
  return value;
}
