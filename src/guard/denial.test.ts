import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../protocol/authorization/challenge.ts';
import { REASON_STATUS, type Reason } from '../protocol/authorization/reason.ts';
import { denialBody, denialOf } from './denial.ts';

const METADATA = 'https://h/.well-known/oauth-protected-resource/mcp';
const REASONS = Object.keys(REASON_STATUS) as Reason[];

describe('a refusal', () => {
  it.each(REASONS)(
    'for %s has its status, one challenge that says where the metadata is, and a body of OAuth',
    (reason) => {
      for (const scheme of ['Bearer', 'DPoP'] as const) {
        const denial = denialOf(reason, { scheme, metadataUrl: METADATA, required: ['a', 'b:*'] });
        expect(denial.status).toBe(REASON_STATUS[reason]);
        const body = JSON.parse(denialBody(denial));
        expect(body).toEqual({ error: expect.any(String), error_description: denial.description });
        const challenges = parseChallenges(denial.challenge);
        if (reason === 'server-unavailable') {
          expect(challenges).toEqual([]);
          continue;
        }
        const [{ scheme: named, params }] = challenges as [(typeof challenges)[0]];
        expect(challenges).toHaveLength(1);
        expect(named).toBe(scheme.toLowerCase());
        expect(params.get('resource_metadata')).toBe(METADATA);
        expect(params.get('scope')).toBe('a b:*');
        expect(params.get('error')).toBe(reason === 'missing' ? undefined : body.error);
        expect(params.get('algs')).toBe(scheme === 'DPoP' ? 'ES256 EdDSA' : undefined);
      }
    },
  );

  it('names no scope when the operation requires none, and no metadata before the resource has a URL', () => {
    const context = { scheme: 'Bearer', metadataUrl: undefined, required: [] } as const;
    expect(denialOf('missing', context).challenge).toBe('Bearer');
    expect(denialOf('policy-denied', context).challenge).toBe(
      'Bearer error="insufficient_scope", error_description="The policy does not permit the operation"',
    );
  });
});
