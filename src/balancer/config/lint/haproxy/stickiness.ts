/** @module How an HAProxy backend finds the owner of a session: its lookups, what it learns, and the table it uses. */
import type { Spot } from '../finding.ts';
import type { HaproxyConfig, HaproxyProxy } from './config.ts';
import type { HaproxyLine } from './parse.ts';

/** A `stick` line on the session's id. */
export interface Stick {
  readonly line: HaproxyLine;
  readonly verb: string;
  /** Converters after the fetch. They must be the same where an id is learned and where it is looked up. */
  readonly converters: string;
  /** The section that holds the table. */
  readonly table: string;
}

/** A stick table: the words of its declaration. */
export interface StickTable {
  readonly words: readonly string[];
  readonly at: Spot;
}

const SESSION_FETCH = /^(?:(?:req|res|resp)\.)?[fs]?f?hdr(?:_\w+)?\(\s*mcp-session-id\b[^)]*\)/i;

/** The converters of a fetch expression that yields the id of an MCP session; undefined for any other. `variables` are those that hold such an id. */
export function sessionFetch(
  expression: string,
  variables: ReadonlySet<string>,
): { readonly converters: string } | undefined {
  const fetched = SESSION_FETCH.exec(expression);
  const variable = /^var\(([^),]+)[^)]*\)/.exec(expression);
  const whole = fetched?.[0] ?? (variable && variables.has(variable[1]!.trim()) ? variable[0] : undefined);
  return whole === undefined ? undefined : { converters: expression.slice(whole.length) };
}

/** Names of variables that `set-var` fills with the id of a session. */
export function sessionVariables({ frontends, backends }: HaproxyConfig): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { words } of [...frontends, ...backends].flatMap((proxy) => [
    ...proxy.inherited,
    ...proxy.lines,
  ])) {
    const name = /^set-var\(([^),]+)/.exec(words[1] ?? '')?.[1];
    if (name !== undefined && sessionFetch(words[2] ?? '', names) !== undefined) names.add(name.trim());
  }
  return names;
}

/** The `stick` lines of a backend that are about the session's id. */
export function sticksOf(proxy: HaproxyProxy, variables: ReadonlySet<string>): readonly Stick[] {
  return proxy.lines.flatMap((line) => {
    const [keyword, verb, expression] = line.words;
    const fetched = keyword === 'stick' ? sessionFetch(expression ?? '', variables) : undefined;
    if (fetched === undefined) return [];
    const at = line.words.indexOf('table');
    const table = (at > 0 ? line.words[at + 1] : undefined) ?? proxy.name;
    return [{ line, verb: verb!, converters: fetched.converters, table }];
  });
}

/** True when the backend learns a session's owner from the answer that creates the id, and looks it up again. */
export function learnsSessions(proxy: HaproxyProxy, variables: ReadonlySet<string>): boolean {
  const sticks = sticksOf(proxy, variables);
  return sticks.some(
    (learned) =>
      learned.verb === 'store-response' &&
      sticks.some((asked) => isLookup(asked) && asked.converters === learned.converters),
  );
}

export const isLookup = ({ verb }: Stick): boolean => verb === 'match' || verb === 'on';

/** The declaration of a table: `stick-table` in the section of that name, or `table` in a `peers` section (`peers/name`). */
export function tableOf(name: string, { sections }: HaproxyConfig): StickTable | undefined {
  const [first, second] = name.split('/');
  for (const { keyword, args, lines } of sections) {
    if (args[0] !== first) continue;
    for (const { words, at } of lines) {
      if (second === undefined && words[0] === 'stick-table') return { words, at };
      if (keyword === 'peers' && words[0] === 'table' && words[1] === second) return { words, at };
    }
  }
  return undefined;
}
