/** @module Keeps credentials out of results: the value of a header that carries one, or of a variable of the user's server, and the password of a proxy are used, not recorded. */

import { listOf } from './nearest.ts';
import { unshare } from './source.ts';
import { isMapping, type Mapping } from './values.ts';

const SECRET = /auth|cookie|token|secret|password|api-?key/i;

/** Stands for a value that was used and is not recorded. */
const NOT_RECORDED = '(not recorded)';

/** Where values live that may be credentials, by the dotted path of the mapping. */
const PLACES: Readonly<
  Record<string, { readonly secret: (key: string) => boolean; readonly told: boolean }>
> = {
  'target.headers': { secret: (key) => SECRET.test(key), told: true },
  // A variable is there to configure the server, and nothing in its name tells whether it is a credential.
  'fleet.server.env': { secret: () => true, told: false },
};

/** The one value that may hold credentials beside what is worth recording. */
const PROXY = 'target.proxy';

/** Whether a value at `path` may be, hold or lie within credentials. */
export function mayHoldSecrets(path: string): boolean {
  const own = `${path.replace(/^variants\.\d+\./, '')}.`;
  return [PROXY, ...Object.keys(PLACES)].some((place) => {
    const whole = `${place}.`;
    return own.startsWith(whole) || whole.startsWith(own);
  });
}

/** Whether `value` is a URL with a user or a password in it. */
export function holdsCredentials(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return `${username}${password}` !== '';
}

/** The URL of a proxy without its user and password. */
export function proxyWithoutCredentials(text: string): string {
  if (!URL.canParse(text)) return NOT_RECORDED;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}

/** `document` with credentials replaced or taken out (headers, environment variables, the proxy's), wherever it or a variant spells them. */
export function withoutSecrets(document: Mapping): {
  readonly document: Mapping;
  readonly notices: readonly string[];
} {
  const copy = unshare(document);
  const hidden = new Set<string>();
  hide(copy, '', hidden);
  for (const variant of Array.isArray(copy['variants']) ? copy['variants'] : []) hide(variant, '', hidden);
  const headers = [...hidden].filter((name) => name !== PROXY);
  const notices = [
    ...(headers.length === 0 ? [] : [`the value of ${listOf(headers)}`]),
    ...(hidden.has(PROXY) ? [`the password in ${PROXY}`] : []),
  ].map((what) => `${what} is sent, and not recorded in the result`);
  return { document: copy, notices };
}

/** What a variant overrides, likewise. */
export function overridesWithoutSecrets(overrides: Mapping): Mapping {
  const copy = unshare(overrides);
  hide(copy, '', new Set());
  return copy;
}

/** Replaces in place; keys may be dotted paths. Notes what it hid. */
function hide(node: unknown, path: string, hidden: Set<string>): void {
  if (!isMapping(node)) return;
  for (const [key, value] of Object.entries(node)) {
    const whole = path === '' ? key : `${path}.${key}`;
    const place = Object.entries(PLACES).find(([prefix]) => whole.startsWith(`${prefix}.`));
    const name = place === undefined ? '' : whole.slice(place[0].length + 1);
    if (whole === PROXY && typeof value === 'string') {
      node[key] = proxyWithoutCredentials(value);
      if (value.includes('@')) hidden.add(PROXY);
    } else if (place?.[1].secret(name) && typeof value === 'string') {
      node[key] = NOT_RECORDED;
      if (place[1].told) hidden.add(name.toLowerCase());
    } else hide(value, whole, hidden);
  }
}
