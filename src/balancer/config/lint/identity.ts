/** @module Which headers identify a caller. A credential does; an address does not, and is acceptable in a hash only as the fallback. */

/** Request headers that are the same for all callers or different for each request, and those that carry addresses or session ids. */
const NOT_IDENTIFYING =
  /^(host|user-agent|accept(-.*)?|content-.*|connection|keep-alive|upgrade|te|origin|referer|cookie|via|date|expect|cache-control|range|traceparent|tracestate|baggage|forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip|x-(request|correlation|trace)-id|last-event-id|mcp-.*|sec-.*)$/;

/** True for a request header that may identify its caller: `Authorization`, an API key, a tenant. */
export const namesCaller = (header: string): boolean => !NOT_IDENTIFYING.test(header.toLowerCase());
