/** @module What says who calls: an address says it badly, a credential well. Told apart where a hash takes the one for want of the other. */

/** Request headers that every caller, or every single request, fills in alike, and those that carry addresses or session ids. */
const SAYS_NOTHING =
  /^(host|user-agent|accept(-.*)?|content-.*|connection|keep-alive|upgrade|te|origin|referer|cookie|via|date|expect|cache-control|range|traceparent|tracestate|baggage|forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip|x-(request|correlation|trace)-id|last-event-id|mcp-.*|sec-.*)$/;

/** True for a request header that may name its caller: `Authorization`, an API key, a tenant of one's own. */
export const namesCaller = (header: string): boolean => !SAYS_NOTHING.test(header.toLowerCase());
