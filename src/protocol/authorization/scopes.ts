/** @module Scopes: which ones an operation requires, and whether those of a token include them. Servers decide with it, and the generator what to expect. */

/** What is about to be done. */
export interface ScopedOperation {
  /** JSON-RPC method. */
  readonly method: string;
  /** The tool or prompt; of `resources/read`, the URI. */
  readonly name?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
}

/** Templates of the scopes that the call of a tool requires, by its name. */
export type Requires = Readonly<Record<string, readonly string[]>>;

/** What a call requires where nothing else is said. Methods that are not here (lists, discovery, handshake, ping, notifications) require nothing. */
const DEFAULTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['tools/call', ['tool:{name}']],
  ['resources/read', ['resource:{uri}:read']],
  ['prompts/get', ['prompt:{name}']],
]);

/**
 * The scopes that `operation` requires, all of them. In a template `{name}` stands for the tool or prompt, `{uri}` for the resource that is
 * read, and any other `{key}` for the argument `key`; one that the operation does not have stays as it is.
 */
export function requiredScopes(operation: ScopedOperation, requires: Requires): readonly string[] {
  return templatesOf(operation, requires).map((template) => {
    const pieces = piecesOf(template);
    let scope = pieces[0]!;
    for (let at = 1; at < pieces.length; at += 2) {
      const value = filledBy(operation, pieces[at]!);
      scope += (value === undefined ? `{${pieces[at]}}` : scopeText(value)) + pieces[at + 1]!;
    }
    return scope;
  });
}

/**
 * Whether `held` includes all of `required`. A `*` in a held scope stands for any characters, also for none, `:` and `/`, so that a broader
 * scope includes the narrower ones: `tool:*` includes `tool:echo`. All other characters stand for themselves, and so does a `*` in `required`.
 */
export function holds(held: ReadonlySet<string>, required: readonly string[]): boolean {
  return required.every((scope) => held.has(scope) || some(held, (pattern) => includes(pattern, scope)));
}

/** Whether `held` includes what a call of the tool `name` requires, for at least some arguments. */
export function mayHold(held: ReadonlySet<string>, name: string, requires: Requires): boolean {
  const scopes = requiredScopes({ method: 'tools/call', name }, requires);
  return scopes.every((scope) => {
    const anyValue = scope.replace(PLACE, '*');
    return some(held, (pattern) => overlap(pattern, anyValue));
  });
}

/** The scopes with which everything can be called: `tool:*`, and the templates of `requires`, each with `*` in its places. */
export function supportedScopes(requires: Requires): readonly string[] {
  const templates = ['tool:{name}', ...Object.values(requires).flat()];
  return [...new Set(templates.map((template) => template.replace(PLACE, '*')))];
}

const PLACE = /\{([^{}]+)\}/g;

/** By template. They come from the profile, so there are few; to split one takes longer than everything else about it. */
const split = new Map<string, readonly string[]>();

/** Text, key, text, key, ..., text. */
function piecesOf(template: string): readonly string[] {
  const pieces = split.get(template) ?? template.split(PLACE);
  split.set(template, pieces);
  return pieces;
}

function templatesOf({ method, name }: ScopedOperation, requires: Requires): readonly string[] {
  if (method === 'tools/call' && name !== undefined && Object.hasOwn(requires, name)) return requires[name]!;
  return DEFAULTS.get(method) ?? [];
}

function filledBy(operation: ScopedOperation, key: string): string | undefined {
  const { method, name, arguments: given = {} } = operation;
  if (key === 'name' || (key === 'uri' && method === 'resources/read')) return name;
  const value = Object.hasOwn(given, key) ? given[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/**
 * A value as part of a scope: characters that a scope cannot have (RFC 6749, section 3.3), and those that mean something in it (`*`, `{`,
 * `}`), are percent-encoded, so that no value reads as a wildcard or as a second scope.
 */
function scopeText(value: string): string {
  if (PLAIN.test(value)) return value;
  return value.replace(/[^!#$&-)+-[\]-z|~]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
      '',
    ),
  );
}

/** Nothing to encode, in nearly every value. */
const PLAIN = /^[\w.:/-]*$/;

function some(held: ReadonlySet<string>, matches: (pattern: string) => boolean): boolean {
  for (const pattern of held) if (matches(pattern)) return true;
  return false;
}

/** Whether `pattern` matches all of `scope`: its pieces between the `*` occur in this order. */
function includes(pattern: string, scope: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === scope;
  const pieces = pattern.slice(star + 1).split('*');
  const last = pieces.pop()!;
  const end = scope.length - last.length;
  if (!scope.startsWith(pattern.slice(0, star)) || !scope.endsWith(last)) return false;
  let at = star;
  for (const piece of pieces) {
    const found = scope.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= end;
}

/** Whether some text matches both patterns. `row[i]`: whether what has been read of `a` overlaps with the first `i` characters of `b`. */
function overlap(a: string, b: string): boolean {
  let row = Array.from({ length: b.length + 1 }, (_, length) => /^\**$/.test(b.slice(0, length)));
  for (let at = 0; at < a.length; at += 1) {
    const next = [a[at] === '*' && row[0]!];
    for (let i = 0; i < b.length; i += 1) {
      const any = a[at] === '*' || b[i] === '*';
      next.push(any ? row[i + 1]! || next[i]! : row[i]! && a[at] === b[i]);
    }
    row = next;
  }
  return row[b.length]!;
}
