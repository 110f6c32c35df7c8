/** @module Detects what may be a credential, by its name or in a URL. The sections define where a profile may hold such values. */

/** Indicates a credential anywhere in a name: `X-Amz-Security-Token`, `client_secret`. An author is none. */
const ANYWHERE =
  /auth(?!or(?!i[sz]))|cookie|dpop|token|secret|passw|passphrase|credential|signature|session|bearer|jwt|api-?key/i;
/** Indicates a credential as a separate word, `key` also at the end of a word: `Ocp-Apim-Subscription-Key`, `x-functions-key`, `sig`. */
const AS_WORD = /(^|[-_.])([a-z0-9]*keys?|sig|sid|sas|pwd|pass|hmac|otp|assertion)([-_.]|$)/i;

/** Names that are public although they look otherwise: of MCP, of challenges, and of what is said about credentials (`token_endpoint`). */
const PUBLIC =
  /^(mcp-(session-id|protocol-version|method|name)|(www|proxy)-authenticate)$|[-_](uri|endpoint|servers?|type|supported)$/i;

/** Whether the value of a header or query parameter of this name may be a credential. */
export function isSecretName(name: string): boolean {
  return !PUBLIC.test(name) && (ANYWHERE.test(name) || AS_WORD.test(name));
}

/** Whether `value`, which may be quoted, may be a credential by its name. `PWD` with a path is what shells call the working directory. */
export const isSecretValue = (name: string, value: string): boolean =>
  isSecretName(name) && !(name === 'PWD' && /^["']?\//.test(value));

/** Whether a parameter of a tool with this name may hold a credential. A session id or a `requestState` is a handle, which is none by itself. */
export const isSecretArgument = (name: string): boolean =>
  isSecretName(name) && !/^(requestState|.*session.?id)$/i.test(name);

/** As a query parameter, `code` is a credential too: Azure Functions accept their keys in it. */
const isSecretParameter = (name: string): boolean => isSecretName(name) || /^code$/i.test(name);

/** Shorter values than this occur by chance. */
const SHORTEST_SECRET = 6;

/** Names of authentication schemes: without the name, what follows in a text no longer looks like a credential. */
const SCHEME = /^(?:basic|bearer|digest|dpop|negotiate|token)(?=\s|$)/i;

/** The authentication scheme with which the value of a header begins, if a credential follows it. */
export function schemeOf(value: string): string | undefined {
  const [scheme] = SCHEME.exec(value) ?? [];
  return scheme === undefined || value.slice(scheme.length).trim() === '' ? undefined : scheme;
}

/**
 * Takes out of texts what may be a credential in the headers or variables `known`, the whole value or a word of it, and the secrets `named`
 * where they are words of their own: what a schema names may be part of a common word.
 */
export function withoutSecretsOf(
  known: readonly Readonly<Record<string, string | undefined>>[],
  named: ReadonlySet<string> = new Set(),
): (text: string) => string {
  const secrets = known
    .flatMap((values) => Object.entries(values))
    .filter(([name, value = '']) => isSecretValue(name, value))
    .flatMap(([, value = '']) => [value, ...value.split(/\s+/)])
    .filter(isLongSecret)
    .toSorted((a, b) => b.length - a.length);
  const all = [...secrets, ...[...named].filter(isLongSecret).map(wordOf)];
  return (text) => all.reduce((rest: string, secret) => rest.replaceAll(secret, '(removed)'), text);
}

const isLongSecret = (word: string): boolean =>
  word.length >= SHORTEST_SECRET && SCHEME.exec(word)?.[0] !== word;

/** Matches `text` where no letter, digit or underscore stands beside it. */
const wordOf = (text: string): RegExp =>
  new RegExp(`(?<!\\w)${text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&')}(?!\\w)`, 'g');

/** Replaces a value that was used but is not recorded. */
export const NOT_RECORDED = '(not recorded)';

/** Replaces a value in a URL that was used but is not recorded; needs no escaping in a URL. */
const NOT_IN_URL = '(not-recorded)';

/** `url` with the values of query parameters that may be credentials replaced, and the names of those parameters. Text that is not a URL is treated the same way. */
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
