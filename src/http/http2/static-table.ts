/** @module The static table of HPACK (RFC 7541, appendix A). */

/** Entries 1 to 61. */
const ENTRIES: readonly (readonly [name: string, value: string])[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
];

/** The last index; the dynamic table follows it. */
export const STATIC_LAST: number = ENTRIES.length;

/** By index; 0 is no entry. */
export const STATIC_NAMES: readonly string[] = ['', ...ENTRIES.map(([name]) => name)];
export const STATIC_VALUES: readonly string[] = ['', ...ENTRIES.map(([, value]) => value)];

/** A field as one text; no name or value has the character between them. */
export const fieldKey = (name: string, value: string): string => `${name}\0${value}`;

/** Indices by {@link fieldKey}. */
export const STATIC_FIELDS: ReadonlyMap<string, number> = new Map(
  ENTRIES.map(([name, value], i) => [fieldKey(name, value), i + 1]),
);

/** The first index of each name. */
export const STATIC_NAME_INDICES: ReadonlyMap<string, number> = new Map(
  ENTRIES.map(([name], i) => [name, i + 1] as const).reverse(),
);
