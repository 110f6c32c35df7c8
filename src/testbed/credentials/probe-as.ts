/** @module What a probe sends to a server that checks tokens. */
import type { CredentialsOffer } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';

/** `probe`, with the credentials of an agent whose calls should be let through. */
export function probeAs(credentials: CredentialsOffer | undefined, probe: ProbeUrl): ProbeUrl {
  const headers = headersOf(credentials);
  return (url, era, session) => probe(url, era, session, headers);
}

/** The headers of the first agent whose calls should be let through; none without one. */
function headersOf(credentials: CredentialsOffer | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const { scheme, identities, tokens, headers = {} } = credentials.auth;
  let agent = 0;
  for (const { agents, expected } of identities) {
    const token = tokens[agent] ?? null;
    if (expected.includes('allow'))
      return token === null ? headers : { ...headers, Authorization: `${scheme} ${token}` };
    agent += agents;
  }
  return {};
}
