/** @module What an HAProxy key is derived from: the client's address, or the caller's identity with the address as a fallback. */
import { namesCaller } from '../identity.ts';
import { distinct, effective, type HaproxyConfig, type HaproxyProxy } from './config.ts';
import type { HaproxyLine } from './parse.ts';

/** True when `expression` is the client's address even for callers that send an identity. */
export function usesClientAddress(expression: string, config: HaproxyConfig): boolean {
  if (isAddress(expression)) return true;
  const name = variableIn(expression);
  return name !== undefined && variableUsesClientAddress(name, config);
}

/** True for a `stick` line by address that applies only to callers without an identity, while all others stick by theirs. */
export function isFallbackStick(line: HaproxyLine, proxy: HaproxyProxy, config: HaproxyConfig): boolean {
  const sticks = proxy.lines.filter(({ words }) => words[0] === 'stick').map(({ words }) => words[2] ?? '');
  const balance = effective(proxy, 'balance').at(-1)?.words.slice(1, 3) ?? [];
  return (
    conditionOf(line, config) === 'unknown-caller' &&
    [...sticks, ...balance].some((expression) => isCaller(expression, config))
  );
}

const isAddress = (expression: string): boolean =>
  /^src([,(]|$)/.test(expression) || /hdr(_ip)?\(\s*x-(forwarded-for|real-ip)/i.test(expression);

/** The headers in `req.hdr(Authorization)`, `hdr(x-api-key)` and similar fetches. */
const headersIn = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:req\.)?f?hdr(?:_\w+)?\(\s*([\w-]+)/gi)].map((match) => match[1]!);

const identifiesCaller = (text: string): boolean =>
  headersIn(text).some(namesCaller) || /\b(http_auth_\w+|ssl_c_\w+|jwt_\w+)\b/.test(text);

const variableIn = (expression: string): string | undefined => /^var\(([^),]+)/.exec(expression)?.[1]?.trim();

function isCaller(expression: string, config: HaproxyConfig): boolean {
  if (isAddress(expression)) return false;
  const name = variableIn(expression);
  if (name === undefined) return identifiesCaller(expression);
  const isKnown = valuesOf(name, config).some((value) => identifiesCaller(value.expression));
  return isKnown && !variableUsesClientAddress(name, config);
}

/** A value assigned to a variable, and the condition. */
interface Value {
  readonly expression: string;
  readonly when: 'always' | Condition;
}

/** `known-caller`: the request has an identity. `unknown-caller`: it has none. `other`: any other condition. */
type Condition = 'known-caller' | 'unknown-caller' | 'other';

/** False when the variable holds the identity of callers that send one, and when it never holds an address. */
function variableUsesClientAddress(name: string, config: HaproxyConfig): boolean {
  const values = valuesOf(name, config);
  // An unconditional assignment replaces all earlier ones.
  const inForce = values.slice(
    Math.max(
      0,
      values.findLastIndex(({ when }) => when === 'always'),
    ),
  );
  const addresses = inForce.filter(({ expression }) => isAddress(expression));
  if (addresses.length === 0) return false;
  const callers = inForce.filter(({ expression }) => identifiesCaller(expression) && !isAddress(expression));
  const base = inForce[0]!;
  return isAddress(base.expression) && base.when === 'always'
    ? !callers.some(({ when }) => when === 'known-caller')
    : !(callers.length > 0 && addresses.every(({ when }) => when === 'unknown-caller'));
}

function valuesOf(name: string, config: HaproxyConfig): readonly Value[] {
  return allLines(config).flatMap((line) => {
    const at = line.words.findIndex((word) => /^set-var\(([^),]+)/.exec(word)?.[1]?.trim() === name);
    const expression = at < 0 ? undefined : line.words[at + 1];
    return expression === undefined
      ? []
      : [{ expression, when: conditionOf(line, config, name) ?? ('always' as const) }];
  });
}

/** The condition of the `if` or `unless` of a line; undefined without one. `own` is a variable that counts as an identity. */
function conditionOf({ words }: HaproxyLine, config: HaproxyConfig, own?: string): Condition | undefined {
  const at = words.findIndex((word) => word === 'if' || word === 'unless');
  if (at < 0) return undefined;
  const condition = words.slice(at + 1);
  const asked = [...condition, ...condition.flatMap((word) => aclNamed(word.replace(/^!/, ''), config))].join(
    ' ',
  );
  if (!identifiesCaller(asked) && !(own !== undefined && asked.includes(`var(${own})`))) return 'other';
  const negated = condition.some((word) => word.startsWith('!'));
  return (words[at] === 'unless') !== negated ? 'unknown-caller' : 'known-caller';
}

const aclNamed = (name: string, config: HaproxyConfig): readonly string[] =>
  allLines(config).flatMap(({ words }) => (words[0] === 'acl' && words[1] === name ? words.slice(2) : []));

const allLines = ({ frontends, backends }: HaproxyConfig): readonly HaproxyLine[] =>
  distinct([...frontends, ...backends].flatMap(({ inherited, lines }) => [...inherited, ...lines]));
