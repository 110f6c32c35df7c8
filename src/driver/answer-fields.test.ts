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

  it('shows where a redirect leads', () => {
    const moved = { outcome: 'http-error', detail: '307 Temporary Redirect' } as const;
    expect(withHints(moved, hints(undefined, '/mcp/')).detail).toBe('307 Temporary Redirect: location /mcp/');
  });
});
