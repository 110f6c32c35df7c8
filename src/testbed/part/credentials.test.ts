import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Settings } from '../../profile/settings.ts';
import {
  type CredentialsTestbed,
  settingsWith,
  startCredentials,
  URL,
} from '../credentials/credentials.case.ts';

async function started(settings: Settings): Promise<CredentialsTestbed> {
  const testbed = await startCredentials(settings);
  onTestFinished(() => testbed.stop());
  return testbed;
}

const KINDS = settingsWith(
  'auth: { mode: jwt }',
  `identities:
  - { name: good, agents: 3, scopes: ["tool:echo", "tool:add"] }
  - { name: none, agents: 1, token: missing }
  - { name: nonsense, agents: 1, token: invalid }
  - { name: old, agents: 2, token: expired }
  - { name: early, agents: 1, token: not-yet-valid }
  - { name: elsewhere, agents: 1, token: wrong-audience }
  - { name: other, agents: 1, token: wrong-issuer }`,
);

describe('the tokens of a fleet', () => {
  it('are one for each agent, good ones or such that must be refused', async () => {
    const { credentials, authority, published } = await started(KINDS);
    const { tokens, identities, scheme, mode, perCall, url } = credentials.auth;
    expect({ scheme, mode, perCall, url, published }).toEqual({
      scheme: 'Bearer',
      mode: 'jwt',
      perCall: false,
      url: URL,
      published: [URL],
    });
    expect(
      identities.map(({ name, agents, refusal, expected }) => [name, agents, refusal, ...expected]),
    ).toEqual([
      ['good', 3, undefined, 'allow', 'allow'],
      ['none', 1, 'missing', 'unauthorized', 'unauthorized'],
      ['nonsense', 1, 'invalid', 'unauthorized', 'unauthorized'],
      ['old', 2, 'expired', 'unauthorized', 'unauthorized'],
      ['early', 1, 'not-yet-valid', 'unauthorized', 'unauthorized'],
      ['elsewhere', 1, 'wrong-audience', 'unauthorized', 'unauthorized'],
      ['other', 1, 'wrong-issuer', 'unauthorized', 'unauthorized'],
    ]);
    expect(new Set(tokens).size).toBe(10);
    const { issuer, jwksUrl } = authority;
    const keys = createRemoteJWKSet(new globalThis.URL(jwksUrl));
    const judged = tokens.map(async (token) => {
      if (token === null) return 'missing';
      const { payload } = await jwtVerify(token, keys, { issuer, audience: URL, typ: 'at+jwt' });
      return payload['scope'];
    });
    const outcomes = (await Promise.allSettled(judged)).map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as { code: string; claim?: string }),
    );
    expect(outcomes).toEqual([
      ...Array.from({ length: 3 }, () => 'tool:echo tool:add'),
      'missing',
      expect.objectContaining({ code: 'ERR_JWKS_NO_MATCHING_KEY' }),
      ...Array.from({ length: 2 }, () => expect.objectContaining({ code: 'ERR_JWT_EXPIRED' })),
      expect.objectContaining({ claim: 'nbf' }),
      expect.objectContaining({ claim: 'aud' }),
      expect.objectContaining({ claim: 'iss' }),
    ]);
  });
});
