/** @module The HTTP filter of Envoy that finds the owner of a session: its envelope. Source: Envoy's v3 API, 1.35. */

/** The filter as a mapping, from its left margin on. */
export const ENVELOPE_FILTER: readonly string[] = [
  'name: envoy.filters.http.stateful_session',
  'typed_config:',
  '  "@type": type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSession',
  '  session_state:',
  '    name: envoy.http.stateful_session.envelope',
  '    typed_config:',
  '      "@type": type.googleapis.com/envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState',
  '      header: { name: mcp-session-id }',
];
