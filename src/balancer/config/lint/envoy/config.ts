/** @module The parts of an Envoy configuration that the linter checks: routes that carry MCP, their connection managers, filters and clusters. */
import { SESSION_HEADER } from '../header-names.ts';
import { carryingMcpWithin, isSidePath, namesMcp } from '../scope.ts';
import { entries, get, list, maps, type Tree, text, words } from '../tree/tree.ts';

/** A route that forwards to clusters. */
export interface EnvoyRoute {
  /** The whole route: `match`, `route`, headers. */
  readonly tree: Tree;
  /** Its `route` part. */
  readonly action: Tree;
  readonly virtualHost?: Tree;
  /** The route configuration around it. */
  readonly table?: Tree;
  readonly manager?: Tree;
  readonly clusters: readonly string[];
}

export interface EnvoyConfig {
  /** The routes that carry MCP. */
  readonly routes: readonly EnvoyRoute[];
  /** HTTP connection managers whose routes these are. */
  readonly managers: readonly Tree[];
  /** Every value that configures HTTP filters for these routes. */
  readonly filters: readonly Tree[];
  /** Every cluster of the file, by name. */
  readonly clusters: ReadonlyMap<string, Tree>;
  /** True when a stateful session envelope keeps sessions with their owner. */
  readonly learnsSessions: boolean;
  /** True for patches that are merged into another configuration: settings that they omit are unknown. */
  readonly fragment: boolean;
}

/** Reads documents: a bootstrap file, resources of a discovery service, or (`fragment`) the patches of an Istio EnvoyFilter. */
export function readEnvoy(documents: readonly Tree[], fragment = false): EnvoyConfig {
  const everything = documents.flatMap((document) => [...maps(document)]);
  const allManagers = everything.filter(isManager);
  const routes = carryingMcpWithin(
    [...routesIn(everything, allManagers), ...(fragment ? patchedRoutes(documents) : [])].filter(
      (route) => !isSidePath(pathOf(route) ?? ''),
    ),
    ({ virtualHost }) => virtualHost,
    (route) => namesMcp(pathOf(route) ?? '') || namesMcpHeader(route),
    (route) => route.clusters.some(namesMcp),
    ({ virtualHost }) => [text(virtualHost, 'name') ?? '', ...hostsOf(virtualHost)].some(namesMcp),
  );
  const managers =
    routes.length > 0 && !fragment
      ? [...new Set(routes.flatMap(({ manager }) => manager ?? []))]
      : allManagers;
  const filters = fragment ? documents : filtersOf(routes, managers);
  return {
    routes,
    managers,
    filters,
    clusters: clustersIn(everything),
    learnsSessions: filters
      .flatMap((tree) => entries(tree, 'session_state'))
      .some(({ value }) => isEnvelope(value)),
    fragment,
  };
}

/** The path, prefix or pattern that a route matches. */
function pathOf({ tree }: EnvoyRoute): string | undefined {
  const match = get(tree, 'match');
  return (
    text(match, 'path') ??
    text(match, 'prefix') ??
    text(match, 'path_separated_prefix') ??
    text(match, 'safe_regex', 'regex')
  );
}

/** True when the balancing policy of a cluster is a hash, and for a cluster that is defined elsewhere. */
function mayHash(name: string, { clusters }: EnvoyConfig): boolean {
  const cluster = clusters.get(name);
  if (cluster === undefined) return true;
  const extension = get(cluster, 'load_balancing_policy');
  if (extension === undefined) return /^(RING_HASH|MAGLEV)$/.test(text(cluster, 'lb_policy') ?? '');
  return list(extension, 'policies').some((policy) =>
    /ring_hash|maglev/.test(text(policy, 'typed_extension_config', 'name') ?? ''),
  );
}

/** The hash policies in effect, as in {@link hashPolicyLists}, in one list. */
export const hashPolicies = (config: EnvoyConfig): readonly Tree[] => [
  ...new Set(hashPolicyLists(config).flat()),
];

/** The hash policies in effect: of routes to clusters that hash, of the clusters, and of patches; each list in its order. */
export function hashPolicyLists(config: EnvoyConfig): readonly (readonly Tree[])[] {
  if (config.fragment) {
    return config.filters.flatMap((tree) => entries(tree, 'hash_policy')).map(({ value }) => list(value));
  }
  const ofRoutes = config.routes
    .filter(({ clusters }) => clusters.length === 0 || clusters.some((name) => mayHash(name, config)))
    .map(({ action }) => list(action, 'hash_policy'));
  const named = new Set(config.routes.flatMap(({ clusters }) => clusters));
  const ofClusters = [...config.clusters]
    .filter(([name]) => config.routes.length === 0 || named.has(name))
    .flatMap(([, cluster]) => entries(get(cluster, 'load_balancing_policy'), 'hash_policy'))
    .map(({ value }) => list(value));
  return [...ofRoutes, ...ofClusters];
}

const isManager = (tree: Tree): boolean =>
  /HttpConnectionManager$/.test(text(tree, '@type') ?? '') ||
  get(tree, 'route_config', 'virtual_hosts') !== undefined;

function* routesIn(everything: readonly Tree[], managers: readonly Tree[]): Generator<EnvoyRoute> {
  for (const table of everything.filter((tree) => list(tree, 'virtual_hosts').length > 0)) {
    const manager = managers.find((each) => get(each, 'route_config') === table);
    for (const virtualHost of list(table, 'virtual_hosts')) {
      for (const tree of list(virtualHost, 'routes')) {
        const action = get(tree, 'route');
        if (action === undefined) continue;
        const clusters = clustersOf(action);
        yield { tree, action, virtualHost, table, clusters, ...(manager === undefined ? {} : { manager }) };
      }
    }
  }
}

const patchedRoutes = (documents: readonly Tree[]): readonly EnvoyRoute[] =>
  documents.flatMap((tree) => {
    const action = get(tree, 'route');
    return action?.kind === 'map' ? [{ tree, action, clusters: clustersOf(action) }] : [];
  });

function clustersOf(action: Tree): readonly string[] {
  const weighted = list(action, 'weighted_clusters', 'clusters').map((each) => text(each, 'name'));
  return [text(action, 'cluster'), ...weighted].filter((name) => name !== undefined);
}

const hostsOf = (virtualHost: Tree | undefined): readonly string[] =>
  list(virtualHost, 'domains').map((domain) => text(domain) ?? '');

const namesMcpHeader = ({ tree }: EnvoyRoute): boolean =>
  [...words(get(tree, 'match')), ...words(get(tree, 'route', 'hash_policy'))].some((word) =>
    /^mcp-/i.test(word),
  );

const filtersOf = (routes: readonly EnvoyRoute[], managers: readonly Tree[]): readonly Tree[] =>
  [
    ...managers.map((manager) => get(manager, 'http_filters')),
    ...routes.flatMap(({ tree, virtualHost }) => [
      get(tree, 'typed_per_filter_config'),
      get(virtualHost, 'typed_per_filter_config'),
    ]),
  ].filter((tree, index, all) => tree !== undefined && all.indexOf(tree) === index) as readonly Tree[];

function clustersIn(everything: readonly Tree[]): ReadonlyMap<string, Tree> {
  const signs = [
    'load_assignment',
    'lb_policy',
    'load_balancing_policy',
    'connect_timeout',
    'eds_cluster_config',
  ];
  return new Map(
    everything
      .filter((tree) => signs.some((sign) => get(tree, sign) !== undefined))
      .flatMap((tree) => {
        const name = text(tree, 'name');
        return name === undefined ? [] : [[name, tree] as const];
      }),
  );
}

/** The envelope combines the owner's address with the id that the server created. It is the only state that needs no support from client or server. */
const isEnvelope = (state: Tree): boolean =>
  (text(state, 'name') ?? '').endsWith('.envelope') ||
  /envelope/i.test(text(state, 'typed_config', '@type') ?? '')
    ? text(state, 'typed_config', 'header', 'name')?.toLowerCase() === SESSION_HEADER
    : false;
