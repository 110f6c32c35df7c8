/** @module The cookies of one client at one endpoint. Source: RFC 6265, sections 5.2 and 5.4. */

/** Bytes that a header field can carry. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Cookies are deleted with a date in the past, which is 1970 nearly always. */
const LONG_AGO = Date.UTC(2000, 0);

/**
 * Keeps cookies by name. There is one endpoint, so that path and domain are not looked at; a load is short, so that only a cookie
 * that is deleted at once expires.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes in the values of `Set-Cookie` fields. True when a cookie has changed. */
  take(setCookies: readonly string[]): boolean {
    let changed = false;
    for (const text of setCookies) changed = this.#takeOne(text) || changed;
    return changed;
  }

  /** The value of the field `Cookie`; empty without cookies. */
  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #takeOne(text: string): boolean {
    const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
    const equals = pair.indexOf('=');
    if (equals < 1 || !PLAIN.test(pair)) return false;
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (isDeletion(attributes)) return this.#cookies.delete(name);
    if (this.#cookies.get(name) === value) return false;
    this.#cookies.set(name, value);
    return true;
  }
}

/** `Max-Age` comes before `Expires`. */
function isDeletion(attributes: readonly string[]): boolean {
  const attributeOf = (name: string): string | undefined =>
    attributes.find((attribute) => attribute.toLowerCase().startsWith(name))?.slice(name.length);
  const maxAge = attributeOf('max-age=');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  const expires = Date.parse(attributeOf('expires=') ?? '');
  return expires < LONG_AGO;
}
