/** @module The MCP headers that a balancer must pass on, and their misspellings in configurations. */

export const SESSION_HEADER = 'mcp-session-id';

/** Request headers that instances need: without them they reject the call or lose the session. */
const REQUEST_HEADERS = [
  SESSION_HEADER,
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'last-event-id',
  'accept',
];
/** Response headers that clients need: the session's id, and where to get a token. */
const RESPONSE_HEADERS = [SESSION_HEADER, 'www-authenticate'];

/** True for a request header of MCP; `Mcp-Param-*` mirrors tool arguments since 2026-07-28. */
export const isMcpRequestHeader = (name: string): boolean =>
  REQUEST_HEADERS.includes(name.toLowerCase()) || /^mcp-param-./i.test(name);

export const isMcpResponseHeader = (name: string): boolean => RESPONSE_HEADERS.includes(name.toLowerCase());

/** One MCP request header that `matches`, for directives that select headers by pattern. */
export const requestHeaderThat = (matches: (name: string) => boolean): string | undefined =>
  [...REQUEST_HEADERS, 'mcp-param-region'].find(matches);

export const responseHeaderThat = (matches: (name: string) => boolean): string | undefined =>
  RESPONSE_HEADERS.find(matches);

/** The MCP header that a name with underscores is a misspelling of: `Mcp_Session_Id` and `Mcp-Session-Id` are different headers. */
export function meantHeader(name: string): string | undefined {
  const meant = name.toLowerCase().replaceAll('_', '-');
  return name.includes('_') && /^mcp-/.test(meant) && isMcpRequestHeader(meant) ? meant : undefined;
}
