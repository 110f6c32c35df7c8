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
  for (const sign of signs) {
    const found = items.filter(sign);
    if (found.length > 0) return found;
  }
  return items;
}
