/** @module The parts of an nginx configuration that the linter checks: the locations that proxy MCP and their upstreams. */
import type { Spot } from '../finding.ts';
import { carryingMcp, carryingMcpWithin, isSidePath, namesMcp } from '../scope.ts';
import { type Directive, parseNginx } from './parse.ts';
import { readVariables, type Variables } from './variables.ts';

/** The directives of one block by name. */
type Level = ReadonlyMap<string, readonly Directive[]>;

/** A block that proxies: a location, or an `if` or `limit_except` within one. */
export interface NginxRoute {
  /** The path of the innermost location; empty when there is none. */
  readonly path: string;
  /** The `proxy_pass`. */
  readonly pass: Directive;
  /** The blocks around it, from the innermost outwards. */
  readonly levels: readonly Level[];
  /** The `server` around it; a snippet has none. */
  readonly server: Directive | undefined;
  readonly serverNames: readonly string[];
  /** Names of upstreams (or hosts) that `proxy_pass` can select. Empty when they depend on an unknown variable. */
  readonly targets: readonly string[];
}

/** An `upstream` block. */
interface NginxUpstream {
  readonly name: string;
  readonly at: Spot;
  readonly block: readonly Directive[];
}

export interface NginxConfig {
  /** The routes that carry MCP. */
  readonly routes: readonly NginxRoute[];
  /** The upstreams that serve MCP. */
  readonly upstreams: readonly NginxUpstream[];
  /** All upstreams, for settings that only make sense for MCP. */
  readonly everyUpstream: readonly NginxUpstream[];
  readonly variables: Variables;
}

/** Reads nginx configuration: a whole file, or a snippet with only servers, locations or upstreams. */
export function readNginx(text: string, file: string): NginxConfig {
  const tree = parseNginx(text, file);
  const variables = readVariables(tree);
  const all = [...routesOf(tree, [], { path: '', server: undefined, serverNames: [], variables })];
  const routes = carryingMcpWithin(
    all.filter((route) => !isSidePath(route.path)),
    ({ server }) => server,
    (route) => namesMcp(route.path),
    (route) => route.targets.some(namesMcp) || mentionsMcp(route.levels[0]!),
    (route) => route.serverNames.some(namesMcp),
  );
  const everyUpstream = [...upstreamsOf(tree)];
  return { routes, upstreams: servingMcp(everyUpstream, all, routes), everyUpstream, variables };
}

/** The directives called `name` that apply to a route: those of the innermost block that has any. nginx does not merge them with outer blocks. */
export function effective(route: NginxRoute, name: string): readonly Directive[] {
  for (const level of route.levels) {
    const found = level.get(name);
    if (found !== undefined) return found;
  }
  return [];
}

/** True when an `include` may set directives that this file omits, so that defaults are unknown. */
export const hasUnknownParts = (route: NginxRoute): boolean =>
  route.levels.some((level) =>
    (level.get('include') ?? []).some(({ args }) => !/mime\.types|modules/.test(args[0] ?? '')),
  );

interface Around {
  readonly path: string;
  readonly server: Directive | undefined;
  readonly serverNames: readonly string[];
  readonly variables: Variables;
}

/** Contexts whose directives reach the `proxy_pass` inside. */
const CONTEXTS = ['http', 'server', 'location', 'if', 'limit_except'];

function* routesOf(
  block: readonly Directive[],
  outer: readonly Level[],
  around: Around,
): Generator<NginxRoute> {
  const level = byName(block);
  const levels = [level, ...outer];
  const names = (level.get('server_name') ?? []).flatMap(({ args }) => args);
  const serverNames = names.length > 0 ? names : around.serverNames;
  for (const directive of block) {
    if (directive.name === 'proxy_pass') {
      const targets = targetsOf(directive.args[0] ?? '', around.variables);
      yield { path: around.path, pass: directive, levels, server: around.server, serverNames, targets };
    } else if (directive.block && CONTEXTS.includes(directive.name)) {
      const path = directive.name === 'location' ? (directive.args.at(-1) ?? '') : around.path;
      const server = directive.name === 'server' ? directive : around.server;
      yield* routesOf(directive.block, levels, { ...around, path, server, serverNames });
    }
  }
}

/** `http://pool/path` -> `pool`; `http://$pool` -> every value that `$pool` can have. */
function targetsOf(url: string, variables: Variables): readonly string[] {
  const host = url.replace(/^https?:\/\//, '').replace(/[/:].*$/, '');
  const variable = /^\$\{?(\w+)/.exec(url.replace(/^https?:\/\//, ''))?.[1];
  if (variable === undefined) return [host];
  return variables
    .valuesOf(variable)
    .map((value) => value.replace(/^https?:\/\//, '').replace(/[/:].*$/, ''))
    .filter((value) => value !== '');
}

const mentionsMcp = (level: Level): boolean =>
  [...level.values()]
    .flat()
    .some(({ block, args }) => block === undefined && args.some((arg) => /mcp[-_]/i.test(arg)));

function byName(block: readonly Directive[]): Level {
  const level = new Map<string, Directive[]>();
  for (const directive of block) {
    const same = level.get(directive.name);
    if (same) same.push(directive);
    else level.set(directive.name, [directive]);
  }
  return level;
}

function* upstreamsOf(tree: readonly Directive[]): Generator<NginxUpstream> {
  for (const { name, args, at, block } of tree) {
    if (name === 'upstream' && block) yield { name: args[0] ?? '', at, block };
    else if (name === 'http' && block) yield* upstreamsOf(block);
  }
}

/** The upstreams of MCP routes; in a snippet without routes, the upstreams whose name says MCP. */
function servingMcp(
  upstreams: readonly NginxUpstream[],
  all: readonly NginxRoute[],
  routes: readonly NginxRoute[],
): readonly NginxUpstream[] {
  if (all.length === 0) return carryingMcp(upstreams, ({ name }) => namesMcp(name));
  const named = new Set(routes.flatMap((route) => route.targets));
  const hidden = routes.some((route) => route.targets.length === 0);
  return upstreams.filter(({ name }) => hidden || named.has(name));
}
