/** @module The parts of an HAProxy configuration that the linter checks: proxies with their defaults, and which of them carry MCP. */
import type { Spot } from '../finding.ts';
import { carryingMcp, isSidePath, namesMcp } from '../scope.ts';
import { type HaproxyLine, type HaproxySection, parseHaproxy } from './parse.ts';

/** A `frontend`, `backend` or `listen`. */
export interface HaproxyProxy {
  readonly keyword: string;
  readonly name: string;
  readonly at: Spot;
  readonly lines: readonly HaproxyLine[];
  /** Lines of the `defaults` sections it inherits from, the most distant first. */
  readonly inherited: readonly HaproxyLine[];
  readonly mode: 'http' | 'tcp';
}

export interface HaproxyConfig {
  /** Backends and `listen` sections that carry MCP. */
  readonly backends: readonly HaproxyProxy[];
  /** Frontends and `listen` sections that route to them. */
  readonly frontends: readonly HaproxyProxy[];
  readonly sections: readonly HaproxySection[];
}

/** Reads an HAProxy configuration. */
export function readHaproxy(text: string, file: string): HaproxyConfig {
  const sections = parseHaproxy(text, file);
  const proxies = proxiesOf(sections);
  const entries = proxies.filter(({ keyword }) => keyword === 'frontend' || keyword === 'listen');
  const all = proxies.filter(
    ({ keyword, lines }) =>
      keyword !== 'frontend' && lines.some(({ words }) => /^server(-template)?$/.test(words[0]!)),
  );
  const candidates = all.filter(({ name }) => !isSidePath(name));
  const http = candidates.filter(({ mode }) => mode === 'http');
  const backends = carryingMcp(
    http.length > 0 ? http : candidates,
    (proxy) =>
      namesMcp(proxy.name) || mentionsMcp(proxy.lines) || entries.some((entry) => routesMcpTo(entry, proxy)),
  );
  const names = new Set(backends.map(({ name }) => name));
  const frontends = entries.filter((entry) => backends.includes(entry) || leadsTo(entry, names));
  return { backends, frontends, sections };
}

/** Lines that apply to a proxy and begin with `start`: its own, otherwise those of its defaults. The last one is in effect. */
export function effective(proxy: HaproxyProxy, ...start: readonly string[]): readonly HaproxyLine[] {
  const begins = ({ words }: HaproxyLine): boolean => start.every((word, index) => words[index] === word);
  const own = proxy.lines.filter(begins);
  return own.length > 0 ? own : proxy.inherited.filter(begins);
}

/** The line that enables an option for a proxy; undefined when the option is off. */
export function optionOf(proxy: HaproxyProxy, option: string): HaproxyLine | undefined {
  for (const lines of [proxy.lines, proxy.inherited]) {
    const last = lines.findLast(({ words }) => words.slice(-2).join(' ') === `option ${option}`);
    if (last !== undefined) return last.words[0] === 'no' ? undefined : last;
  }
  return undefined;
}

/** The rules (`http-request`, `http-response`) of a proxy: those of its defaults run first. */
export const rulesOf = (proxy: HaproxyProxy, keyword: string): readonly HaproxyLine[] =>
  [...proxy.inherited, ...proxy.lines].filter(({ words }) => words[0] === keyword);

/** Each line once, even if several proxies inherit it from one `defaults`. */
export const distinct = <Line>(lines: readonly Line[]): readonly Line[] => [...new Set(lines)];

function proxiesOf(sections: readonly HaproxySection[]): readonly HaproxyProxy[] {
  const proxies: HaproxyProxy[] = [];
  let recent: HaproxySection | undefined;
  for (const section of sections) {
    const { keyword, args, at, lines } = section;
    if (keyword === 'defaults') recent = section;
    if (!['frontend', 'backend', 'listen'].includes(keyword)) continue;
    const inherited = defaultsOf(section, sections, recent);
    const mode = [...inherited, ...lines].findLast(({ words }) => words[0] === 'mode')?.words[1];
    proxies.push({
      keyword,
      name: args[0] ?? '',
      at,
      lines,
      inherited,
      mode: mode === 'http' ? 'http' : 'tcp',
    });
  }
  return proxies;
}

/** Lines of the `defaults` named after `from`, otherwise of the last one above, and of those that it inherits from. */
function defaultsOf(
  section: HaproxySection,
  sections: readonly HaproxySection[],
  recent: HaproxySection | undefined,
): readonly HaproxyLine[] {
  const chain = new Set<HaproxySection>();
  let next = parentOf(section, sections) ?? recent;
  while (next !== undefined && !chain.has(next)) {
    chain.add(next);
    next = parentOf(next, sections);
  }
  return [...chain].reverse().flatMap(({ lines }) => lines);
}

function parentOf({ args }: HaproxySection, sections: readonly HaproxySection[]): HaproxySection | undefined {
  const from = args.indexOf('from');
  if (from < 0) return undefined;
  return sections.find(({ keyword, args: [name] }) => keyword === 'defaults' && name === args[from + 1]);
}

const mentionsMcp = (lines: readonly HaproxyLine[]): boolean =>
  lines.some(({ words }) => /\bmcp[-_]/i.test(words.join(' ')));

const routesIn = (proxy: HaproxyProxy): readonly HaproxyLine[] =>
  proxy.lines.filter(({ words }) => words[0] === 'use_backend' || words[0] === 'default_backend');

/** True when `entry` routes to a backend by a condition that names MCP: path, host or headers. */
function routesMcpTo(entry: HaproxyProxy, { name }: HaproxyProxy): boolean {
  return routesIn(entry).some(({ words: [, target, ...condition] }) => {
    if (target !== name) return false;
    const lists = entry.lines.filter(({ words }) => words[0] === 'acl' && condition.includes(words[1]!));
    const text = [...condition, ...lists.flatMap(({ words }) => words.slice(2))];
    return text.some((word) => namesMcp(word) && !isSidePath(word));
  });
}

/** A target such as `%[req.hdr(host),map(...)]` can be any backend. */
const leadsTo = (entry: HaproxyProxy, names: ReadonlySet<string>): boolean =>
  routesIn(entry).some(
    ({ words }) => words[1] !== undefined && (names.has(words[1]) || words[1].includes('%[')),
  );
