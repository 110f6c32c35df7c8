/** @module The Kubernetes, Istio and Gateway API resources that the linter checks: the routes that carry MCP, their services and policies. */
import { type EnvoyConfig, readEnvoy } from '../envoy/config.ts';
import { carryingMcp, carryingMcpWithin, isSidePath, namesMcp } from '../scope.ts';
import { entries, get, list, type Tree, text, words } from '../tree/tree.ts';

/** One resource of a file. */
export interface Resource {
  readonly kind: string;
  readonly name: string;
  readonly tree: Tree;
}

/** A rule of an HTTPRoute, an `http` entry of a VirtualService, or a path of an Ingress. */
export interface KubernetesRoute {
  readonly resource: Resource;
  readonly tree: Tree;
  readonly paths: readonly string[];
  /** Names of the services behind it, without namespace and domain. */
  readonly services: readonly string[];
}

export interface KubernetesConfig {
  /** The routes that carry MCP. */
  readonly routes: readonly KubernetesRoute[];
  /** The Services and DestinationRules of instances that serve MCP. */
  readonly services: readonly Resource[];
  /** Policies (BackendTrafficPolicy, BackendLBPolicy and similar) that apply to MCP routes. */
  readonly policies: readonly Resource[];
  /** Ingresses with an MCP route. */
  readonly ingresses: readonly Resource[];
  /** The patches of Istio EnvoyFilters to Envoy's configuration. */
  readonly patches: EnvoyConfig;
}

/** Reads resources. A list, plain or `kind: List`, is replaced by its items. */
export function readKubernetes(documents: readonly Tree[]): KubernetesConfig {
  const resources = documents.flatMap(resourcesIn);
  const all = resources.flatMap(routesOf);
  const routes = carryingMcpWithin(
    all.filter(({ paths }) => paths.length === 0 || !paths.every(isSidePath)),
    ({ resource }) => resource,
    ({ paths, services }) =>
      paths.some((path) => namesMcp(path) && !isSidePath(path)) ||
      (paths.every((path) => path === '/') && services.some(namesMcp)),
    ({ services, resource }) => services.some(namesMcp) || namesMcp(resource.name),
    ({ resource }) => hostsOf(resource).some(namesMcp),
  );
  const named = new Set(routes.flatMap(({ services }) => services));
  const servers = resources.filter(({ kind }) => kind === 'Service' || kind === 'DestinationRule');
  const routed = new Set(all.flatMap(({ services }) => services));
  const serves = (resource: Resource): boolean => {
    const name = serviceNameOf(resource);
    return named.has(name) || (namesMcp(name) && !routed.has(name)) || namesSession(resource);
  };
  const of = (kind: RegExp): readonly Resource[] => resources.filter((resource) => kind.test(resource.kind));
  const carriers = new Set(routes.map(({ resource }) => resource));
  return {
    routes,
    services:
      named.size > 0
        ? servers.filter(serves)
        : carryingMcp(servers, (resource) => namesMcp(serviceNameOf(resource)) || namesSession(resource)),
    policies: of(/^X?Backend(Traffic|LB)Policy$/).filter((policy) => holdsFor(policy, carriers, all, named)),
    ingresses: of(/^Ingress$/).filter((ingress) => carriers.has(ingress)),
    patches: readEnvoy(
      of(/^EnvoyFilter$/).flatMap(({ tree }) =>
        list(tree, 'spec', 'configPatches').flatMap((patch) => get(patch, 'patch', 'value') ?? []),
      ),
      true,
    ),
  };
}

/** An ingress-nginx annotation of a resource, with its position. */
export function annotation({ tree }: Resource, name: string) {
  const found = get(tree, 'metadata', 'annotations');
  const entry = found?.kind === 'map' ? found.entries.get(`nginx.ingress.kubernetes.io/${name}`) : undefined;
  const value = text(entry?.value);
  return entry === undefined || value === undefined ? undefined : { value, at: entry.keyAt };
}

/** True for an Ingress that ingress-nginx serves: by its class or by its annotations. */
export const isNginxIngress = ({ tree }: Resource): boolean =>
  /nginx/.test(text(tree, 'spec', 'ingressClassName') ?? '') ||
  [...words(get(tree, 'metadata', 'annotations'))].some(
    (word) => word.startsWith('nginx.ingress.kubernetes.io/') || word === 'nginx',
  );

function resourcesIn(document: Tree): readonly Resource[] {
  if (document.kind === 'list') return document.items.flatMap(resourcesIn);
  const kind = text(document, 'kind');
  if (kind === undefined) return [];
  if (kind.endsWith('List')) return list(document, 'items').flatMap(resourcesIn);
  return [{ kind, name: text(document, 'metadata', 'name') ?? '', tree: document }];
}

const namesSession = ({ tree }: Resource): boolean =>
  [...words(get(tree, 'spec'))].some((word) => /^mcp[-_]session[-_]id$/i.test(word));

const shortName = (host: string): string => host.split('.')[0]!;

const serviceNameOf = ({ kind, name, tree }: Resource): string =>
  kind === 'DestinationRule' ? shortName(text(tree, 'spec', 'host') ?? name) : name;

function hostsOf({ tree }: Resource): readonly string[] {
  const ofIngress = list(tree, 'spec', 'rules').map((rule) => text(rule, 'host') ?? '');
  const names = [...list(tree, 'spec', 'hosts'), ...list(tree, 'spec', 'hostnames')];
  return [...ofIngress, ...names.map((name) => text(name) ?? '')];
}

function routesOf(resource: Resource): readonly KubernetesRoute[] {
  const { kind, tree } = resource;
  if (kind === 'VirtualService') {
    return list(tree, 'spec', 'http')
      .filter((entry) => get(entry, 'route') !== undefined)
      .map((entry) => ({ resource, tree: entry, paths: uriPaths(entry), services: destinations(entry) }));
  }
  if (kind === 'HTTPRoute') {
    return list(tree, 'spec', 'rules').map((rule) => ({
      resource,
      tree: rule,
      paths: list(rule, 'matches').flatMap((match) => text(match, 'path', 'value') ?? []),
      services: list(rule, 'backendRefs').flatMap((backend) => text(backend, 'name') ?? []),
    }));
  }
  if (kind !== 'Ingress') return [];
  return list(tree, 'spec', 'rules').flatMap((rule) =>
    list(rule, 'http', 'paths').map((path) => ({
      resource,
      tree: path,
      paths: [text(path, 'path') ?? '/'],
      services: [text(path, 'backend', 'service', 'name') ?? ''].filter((name) => name !== ''),
    })),
  );
}

const uriPaths = (entry: Tree): readonly string[] =>
  list(entry, 'match').flatMap(
    (match) =>
      text(match, 'uri', 'prefix') ?? text(match, 'uri', 'exact') ?? text(match, 'uri', 'regex') ?? [],
  );

const destinations = (entry: Tree): readonly string[] =>
  entries(get(entry, 'route'), 'destination').flatMap(({ value }) => {
    const host = text(value, 'host');
    return host === undefined ? [] : [shortName(host)];
  });

/** A policy applies to MCP when it targets an MCP route, its service or a whole gateway, or when the file has no routes. */
function holdsFor(
  policy: Resource,
  carriers: ReadonlySet<Resource>,
  all: readonly KubernetesRoute[],
  services: ReadonlySet<string>,
): boolean {
  if (all.length === 0) return true;
  const spec = get(policy.tree, 'spec');
  const targets = [
    ...list(spec, 'targetRefs'),
    ...[get(spec, 'targetRef')].filter((target) => target !== undefined),
  ];
  if (targets.length === 0) return true;
  return targets.some((target) => {
    const name = text(target, 'name') ?? '';
    const kind = text(target, 'kind');
    if (kind === 'Gateway') return true;
    if (kind === 'Service') return services.has(name);
    const routes = new Set(
      all.filter(({ resource }) => resource.name === name).map(({ resource }) => resource),
    );
    return routes.size === 0 || [...routes].some((resource) => carriers.has(resource));
  });
}
