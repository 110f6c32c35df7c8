/** @module Which parts of a file carry MCP, so that a file for many services gets no findings for the other services. */

/** Paths that never carry MCP calls: health checks, static files, OAuth and its discovery. */
const SIDE_PATH =
  /(^|\/)(\.well-known|health|healthz|livez|readyz?|readiness|liveness|ping|status|stub_status|nginx_status|metrics|static|assets|images|favicon\.ico|robots\.txt|oauth2?|authorize|token|register|login|docs)([/?$]|$)|\\\.\(?[a-z0-9|?]*(css|png|ico)/i;

/** True for a path of health checks, static files or authorization. */
export const isSidePath = (path: string): boolean => SIDE_PATH.test(path);

/** True for a name, path or host that names MCP (`/mcp`, `mcp_pool`, `mcp.example.com`), but not for a word that contains the letters. */
export const namesMcp = (text: string): boolean => /(^|[^a-z])mcps?([^a-z]|$)/i.test(text);

/**
 * The items that carry MCP, by the strongest sign that any item has. All items when no item has a sign, because a file given to this
 * linter is assumed to balance MCP. `signs` are in order, the strongest first.
 */
export function carryingMcp<Item>(
  items: readonly Item[],
  ...signs: readonly ((item: Item) => boolean)[]
): readonly Item[] {
  return carryingMcpWithin(items, () => undefined, ...signs);
}

/**
 * As {@link carryingMcp}, with each group judged by its own strongest sign: a path that names MCP in one server or resource does not
 * exclude another one that names MCP only by its upstream or host.
 */
export function carryingMcpWithin<Item>(
  items: readonly Item[],
  groupOf: (item: Item) => unknown,
  ...signs: readonly ((item: Item) => boolean)[]
): readonly Item[] {
  const groups = new Map<unknown, Item[]>();
  for (const item of items) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
  const found = [...groups.values()].flatMap((group) => {
    const strongest = signs.find((sign) => group.some(sign));
    return strongest === undefined ? [] : group.filter(strongest);
  });
  return found.length > 0 ? found : items;
}
