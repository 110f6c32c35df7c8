/** @module The field `WWW-Authenticate`: the challenges of a server as text, and read from text. Source: RFC 9110, section 11.6.1; RFC 6750, section 3. */

/** One challenge as it was read. */
export interface Challenge {
  /** In lower case: `bearer`, `dpop`. */
  readonly scheme: string;
  /** Parameters by their names in lower case, unquoted; the first of equal names. */
  readonly params: ReadonlyMap<string, string>;
}

/** The schemes by which an access token is sent. Source: RFC 6750, section 2.1; RFC 9449, section 7.1. */
export type TokenScheme = 'Bearer' | 'DPoP';

/** A challenge as the value of `WWW-Authenticate`: the parameters in their order; those without a value are left out. */
export function challengeText(
  scheme: TokenScheme,
  params: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const given = params.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quoted(value)}`]));
  return given.length === 0 ? scheme : `${scheme} ${given.join(', ')}`;
}

/** A quoted string. Other characters than visible ASCII and spaces, which would end the field or depend on its encoding, become `?`. */
const quoted = (value: string): string =>
  `"${value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const SEPARATOR = /[ \t,]*/y;
/** What follows a scheme: spaces, or the end of the challenge. */
const SCHEME = new RegExp(`(${TOKEN})(?: +|[ \\t]*(?=,|$))`, 'y');
const PARAM = new RegExp(
  `(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")[ \\t]*(?=,|$)`,
  'ys',
);
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*[ \t]*(?=,|$)/y;

/**
 * The challenges of all fields `WWW-Authenticate` of an answer, whose values are joined by commas. Reads up to the first
 * mistake and gives what it has read until then.
 */
export function parseChallenges(field: string): readonly Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(field);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (take(SEPARATOR); at < field.length; take(SEPARATOR)) {
    const param = take(PARAM);
    if (param !== null) {
      const params = challenges.at(-1)?.params;
      if (params === undefined) break;
      const [, name = '', token, text = ''] = param;
      const lower = name.toLowerCase();
      if (!params.has(lower)) params.set(lower, token ?? text.replace(/\\(.)/gs, '$1'));
      continue;
    }
    const scheme = take(SCHEME);
    if (scheme === null) break;
    challenges.push({ scheme: scheme[1]!.toLowerCase(), params: new Map() });
    // Credentials of another form (`Negotiate dGVzdA==`) have no parameters.
    if (!nextIs(PARAM, field, at) && !nextIs(SCHEME, field, at)) take(TOKEN68);
  }
  return challenges;
}

function nextIs(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
