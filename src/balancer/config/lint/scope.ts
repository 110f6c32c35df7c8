/** @module Which parts of a file carry MCP: a file for many services must not be blamed for the others. */

/** Paths that never carry MCP calls, however they are named: probes, assets, OAuth and its discovery. */
const SIDE_PATH =
  /(^|\/)(\.well-known|health|healthz|livez|readyz?|readiness|liveness|ping|status|stub_status|nginx_status|metrics|static|assets|images|favicon\.ico|robots\.txt|oauth2?|authorize|token|register|login|docs)([/?$]|$)|\\\.\(?[a-z0-9|?]*(css|png|ico)/i;

/** True for a path of probes, assets or authorization. */
export const isSidePath = (path: string): boolean => SIDE_PATH.test(path);

/** True for a name, path or host that says MCP (`/mcp`, `mcp_pool`, `mcp.example.com`), not for words that contain the letters. */
export const saysMcp = (text: string): boolean => /(^|[^a-z])mcps?([^a-z]|$)/i.test(text);

/**
 * The items that carry MCP by the strongest sign that any of them shows; all of them when none shows a sign,
 * because a file given to this linter is there to balance MCP.
 */
export function carryingMcp<Item>(
  items: readonly Item[],
  ...signs: readonly ((item: Item) => boolean)[]
): readonly Item[] {
  return carryingMcpWithin(items, () => undefined, ...signs);
}

/**
 * As {@link carryingMcp}, each group judged by its own strongest sign: a path that says MCP in one server or resource
 * does not make another one, which shows MCP by its name only, something else.
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
