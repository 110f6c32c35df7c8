/** @module Credentials of a bench load: tokens that no server checks, as long as a real one. They are made where the load runs, because 10,000 of them are too long for a command line. */
import { generateKeyPairSync } from 'node:crypto';
import type { LoadAuth } from '../src/generator/engine/load-auth.ts';
import type { LoadPlan } from '../src/generator/engine/plan.ts';

export type FakeCredentials = 'Bearer' | 'DPoP ES256' | 'DPoP EdDSA';

/** Characters of an access token of `oidc-provider`, signed with ES256. */
const TOKEN_LENGTH = 411;

/** Credentials of `agents` agents, without their tokens. */
export function fakeAuth(kind: FakeCredentials, agents: number, url: string): LoadAuth {
  const key = kind === 'Bearer' ? undefined : newKey(kind);
  return {
    scheme: kind === 'Bearer' ? 'Bearer' : 'DPoP',
    mode: 'none',
    identities: [{ name: 'all', agents, expected: ['allow'], ...(key && { key }) }],
    tokens: [],
    perCall: false,
    url,
    graceUs: 0,
    timing: { header: 'server-timing', auth: 'auth', policy: 'policy' },
    keepsSentLog: false,
    events: [],
  };
}

/** `plan` with a token for each agent, if its agents have credentials. */
export function withTokens(plan: LoadPlan): LoadPlan {
  const { auth, load } = plan;
  if (auth === undefined) return plan;
  const tokens = Array.from({ length: load.agents }, (_, agent) =>
    String(agent).padStart(TOKEN_LENGTH, 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.'),
  );
  return { ...plan, auth: { ...auth, tokens } };
}

function newKey(kind: 'DPoP ES256' | 'DPoP EdDSA'): Readonly<Record<string, unknown>> {
  const { privateKey } =
    kind === 'DPoP ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'jwk' }) as Record<string, unknown>;
}
