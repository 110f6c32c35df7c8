/** @module What a probe sends to a server that checks tokens. */
import type { LoadAuth } from '../../generator/engine/load-auth.ts';
import type { CredentialsOffer } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';

/** `probe`, with the credentials of an agent whose calls should be let through. */
export function probeAs(credentials: CredentialsOffer | undefined, probe: ProbeUrl): ProbeUrl {
  const headers = headersOf(credentials);
  return (url, era, how) => probe(url, era, { ...how, credentials: headers });
}

/** The headers of the first agent whose calls should be let through; none without one. */
function headersOf(credentials: CredentialsOffer | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  let agent = 0;
  for (const { agents, expected } of credentials.auth.identities) {
    if (expected.includes('allow')) return credentialHeaders(credentials.auth, agent);
    agent += agents;
  }
  return {};
}

/** The headers with which `agent` says who it is at the start of the load, without a proof of possession. */
export function credentialHeaders(
  { scheme, tokens, headers = {} }: LoadAuth,
  agent: number,
): Readonly<Record<string, string>> {
  const token = tokens[agent] ?? null;
  return token === null ? headers : { ...headers, Authorization: `${scheme} ${token}` };
}
