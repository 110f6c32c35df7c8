import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../guard.ts';
import { answerOf, type Bed, bedOf, issue, request } from './authenticator.case.ts';
import { TestAuthority } from './authority.case.ts';

describe('session', () => {
  let authority: TestAuthority;
  let bed: Bed;
  beforeEach(async () => {
    authority = await TestAuthority.start('ES256');
    bed = await bedOf('session', authority);
  });
  afterEach(async () => {
    await bed.authenticator.stop?.();
    await authority.stop();
  });

  /** Opens session `s` with a token. */
  const open = async (token: string) => {
    const opening = request({ authorization: `Bearer ${token}` }, 'initialize');
    const identity = (await bed.authenticator.authenticate(opening)) as Identity;
    bed.authenticator.opened?.('s', identity);
  };
  const call = (fields: Readonly<Record<string, string>>, method = 'tools/call') =>
    answerOf(bed.authenticator.authenticate(request(fields, method)));

  it('trusts the id of a session: without a token, with a bad one, and after the token expired', async () => {
    await open(await issue(bed));
    bed.clock.advance(3600e6);
    expect(await call({ 'mcp-session-id': 's' })).toBe('agent-1');
    expect(await call({ 'mcp-session-id': 's', authorization: 'Bearer a.b.c' })).toBe('agent-1');
  });

  it('decides within a session at once', async () => {
    await open(await issue(bed));
    expect(bed.authenticator.authenticate(request({ 'mcp-session-id': 's' }))).toMatchObject({
      client: 'agents',
    });
  });

  it('checks the token when a session is opened, also by a caller that has one', async () => {
    await open(await issue(bed));
    expect(await call({ 'mcp-session-id': 's' }, 'initialize')).toBe('missing');
  });

  it('checks the token of a request whose session was not opened here', async () => {
    await open(await issue(bed));
    const authorization = `Bearer ${await issue(bed)}`;
    expect(await call({ 'mcp-session-id': 'of another instance', authorization })).toBe('agent-1');
    expect(await call({ 'mcp-session-id': 'made up' })).toBe('missing');
    expect(await call({ 'mcp-session-id': 's, s' })).toBe('missing');
    expect(await call({})).toBe('missing');
  });
});
