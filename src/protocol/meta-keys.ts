/** @module Keys of `_meta` that both sides write or read. Source: MCP 2026-07-28, Base Protocol, `_meta`; Subscriptions. */

/** In results: name and version of the server. */
export const SERVER_INFO_KEY = 'io.modelcontextprotocol/serverInfo';

/** In what is sent on the stream of a subscription: the id of the request that opened it. */
export const SUBSCRIPTION_ID_KEY = 'io.modelcontextprotocol/subscriptionId';
