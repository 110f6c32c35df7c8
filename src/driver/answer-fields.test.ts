import { describe, expect, it } from 'vitest';
import { OK } from '../protocol/classify.ts';
import { withHints } from './answer-fields.ts';

const hints = (challenge?: string, location?: string): Parameters<typeof withHints>[1] => ({
  challenge,
  location,
});

describe('the hints in a head', () => {
  const refused = { outcome: 'unauthorized', detail: '401 Unauthorized' } as const;

  it('adds a challenge to a refusal, without its secrets, and to nothing else', () => {
    expect(withHints(OK, hints('Bearer'))).toBe(OK);
    expect(withHints(refused, hints())).toBe(refused);
    expect(withHints(refused, hints('Bearer realm="x"')).detail).toBe('401 Unauthorized: Bearer realm="x"');
    expect(withHints(refused, hints('Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc')).detail).not.toContain('eyJ');
  });

  it.each([
    'Bearer resource_metadata="https://a.example/.well-known/oauth-protected-resource"',
    'Bearer error="invalid_token", error_description="The access token expired", scope="mcp:tools"',
    'Bearer realm=mcp-server-of-tests, resource_metadata=https://a.example/',
    'Bearer authorization_uri="https://a.example/authorize", resource_id="https://a.example"',
    'DPoP algs="ES256 PS256", error="use_dpop_nonce"',
    'Basic realm="the servers of tests", charset="UTF-8"',
  ])('shows all of the challenge %s', (challenge) => {
    expect(withHints(refused, hints(challenge)).detail).toBe(`401 Unauthorized: ${challenge}`);
  });

  it('shows where a redirect leads', () => {
    const moved = { outcome: 'http-error', detail: '307 Temporary Redirect' } as const;
    expect(withHints(moved, hints(undefined, '/mcp/')).detail).toBe('307 Temporary Redirect: location /mcp/');
  });
});
