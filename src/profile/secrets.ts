/** @module Keeps credentials out of results and messages: the value of a header or a parameter of a URL that carries one, or of a variable of the user's server, and the password of a proxy are used, not recorded. */

import { listOf } from '../units/words.ts';
import { unshare } from './document/source.ts';
import type { Mapping } from './section/values.ts';

/** Says credential wherever it stands in a name: `X-Amz-Security-Token`, `client_secret`. */
const ANYWHERE =
  /auth|cookie|token|secret|passw|passphrase|credential|signature|session|bearer|jwt|api-?key/i;
/** Says so as a word of its own, keys also at the end of one: `Ocp-Apim-Subscription-Key`, `x-functions-key`, `sig`. */
const AS_WORD = /(^|[-_.])([a-z0-9]*keys?|sig|sid|sas|pwd|pass|hmac|otp|assertion)([-_.]|$)/i;

/** Whether what goes by `name` (a header, a parameter of a query) may be a credential. The headers of MCP are none. */
export function isSecretName(name: string): boolean {
  return (
    !/^mcp-(session-id|protocol-version|method|name)$/i.test(name) &&
    (ANYWHERE.test(name) || AS_WORD.test(name))
  );
}

/** As a parameter of a query, `code` is a credential too: Azure Functions take their keys so. */
const isSecretParameter = (name: string): boolean => isSecretName(name) || /^code$/i.test(name);

/** Stands for a value that was used and is not recorded. */
const NOT_RECORDED = '(not recorded)';

/** Stands in a URL for a value that was used and is not recorded; legal there as it is. */
const NOT_IN_URL = '(not-recorded)';

/** `url` with the values of parameters of its query that may be credentials replaced, and the names of those parameters. Text that is no URL is treated likewise. */
export function hideSecretsInUrl(url: string): { readonly url: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const hidden = url.replace(/([?&;#])([^=&;#]+)=([^&;#]+)/g, (whole, lead: string, name: string) => {
    if (!isSecretParameter(decoded(name))) return whole;
    names.push(decoded(name));
    return `${lead}${name}=${NOT_IN_URL}`;
  });
  return { url: hidden, names };
}

/** A target's URL as it may be shown and recorded. */
export const withoutSecretParameters = (url: string): string => hideSecretsInUrl(url).url;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where values live that may be credentials, by the dotted path of the mapping. */
const PLACES: Readonly<
  Record<string, { readonly secret: (key: string) => boolean; readonly told: boolean }>
> = {
  'target.headers': { secret: isSecretName, told: true },
  // A variable is there to configure the server, and nothing in its name tells whether it is a credential.
  'fleet.server.env': { secret: () => true, told: false },
};

const NOWHERE = ['', { secret: () => false, told: false }] as const;

/** Values that may hold credentials beside what is worth recording. */
const PROXY = 'target.proxy';
const URLS = /^target\.(url|instances\.\d+)$/;

const withoutVariant = (path: string): string => path.replace(/^variants\.\d+(\.|$)/, '');

/** Whether a value at `path` may be, hold or lie within credentials. */
export function mayHoldSecrets(path: string): boolean {
  const own = `${withoutVariant(path)}.`;
  return [PROXY, ...Object.keys(PLACES)].some((place) => {
    const whole = `${place}.`;
    return own.startsWith(whole) || whole.startsWith(own);
  });
}

/** Whether a message must not quote `value`, which stands at `path`: with a slip around it, a credential is one still. */
export function isUnspeakable(path: string, value: unknown): boolean {
  if (typeof value === 'object' && Object.keys(value ?? {}).length > 0)
    return path === 'variants' || withoutVariant(path) === '' || mayHoldSecrets(path);
  const own = `${withoutVariant(path)}.`;
  return (
    [PROXY, ...Object.keys(PLACES)].some((place) => own.startsWith(`${place}.`)) || holdsCredentials(value)
  );
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

/** What was replaced or taken out of a document. */
interface Hidden {
  /** Names of headers, in lower case. */
  readonly headers: Set<string>;
  /** Names of parameters in the queries of target URLs. */
  readonly parameters: Set<string>;
  proxy: boolean;
}

/** `document` with credentials replaced or taken out (headers, environment variables, parameters of a target's URL, the proxy's), wherever it or a variant spells them. */
export function withoutSecrets(document: Mapping): {
  readonly document: Mapping;
  readonly notices: readonly string[];
} {
  const copy = unshare(document);
  const hidden: Hidden = { headers: new Set(), parameters: new Set(), proxy: false };
  hide(copy, '', hidden);
  for (const variant of Array.isArray(copy['variants']) ? copy['variants'] : []) hide(variant, '', hidden);
  const { headers, parameters, proxy } = hidden;
  const notices = [
    ...(headers.size === 0 ? [] : [`the value of ${listOf([...headers])}`]),
    ...(parameters.size === 0 ? [] : [`the value of ${listOf([...parameters])} in the URL of the target`]),
    ...(proxy ? [`the password in ${PROXY}`] : []),
  ].map((what) => `${what} is sent, and not recorded in the result`);
  return { document: copy, notices };
}

/** What a variant overrides, likewise. */
export function overridesWithoutSecrets(overrides: Mapping): Mapping {
  const copy = unshare(overrides);
  hide(copy, '', { headers: new Set(), parameters: new Set(), proxy: false });
  return copy;
}

/** Replaces in place; keys may be dotted paths. Notes what it hid. */
function hide(node: unknown, path: string, hidden: Hidden): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const whole = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') (node as Mapping)[key] = recordable(whole, value, hidden);
    else hide(value, whole, hidden);
  }
}

/** `value`, which stands at `path`, as it may be recorded. */
function recordable(path: string, value: string, hidden: Hidden): string {
  if (path === PROXY) {
    if (value.includes('@')) hidden.proxy = true;
    return proxyWithoutCredentials(value);
  }
  if (URLS.test(path)) {
    const { url, names } = hideSecretsInUrl(value);
    for (const name of names) hidden.parameters.add(name);
    return url;
  }
  const [place, { secret, told }] =
    Object.entries(PLACES).find(([prefix]) => path.startsWith(`${prefix}.`)) ?? NOWHERE;
  const name = path.slice(place.length + 1);
  if (!secret(name)) return value;
  if (told) hidden.headers.add(name.toLowerCase());
  return NOT_RECORDED;
}
