/** @module What a server with sessions must do besides when its calls are checked. */
import { expect, it } from 'vitest';
import { type GuardedBed, post } from './guarded-bed.case.ts';

/** The suite. */
export function guardedSessionCases(bed: GuardedBed): void {
  const checked = bed.use();
  const trusting = bed.use((authority) => ({ authentication: authority.input('session') }));
  const callOf = (name: string) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: { text: 'a' } },
  });

  it('opens no session for a caller without a good token', async () => {
    for (const { url } of [checked, trusting]) {
      const answer = await bed.open(url, {});
      expect([answer.status, answer.headers.get('mcp-session-id')]).toEqual([401, null]);
    }
  });

  it('checks streams and the end of a session too, and tells no stranger which sessions there are', async () => {
    const { url } = checked;
    const session = (await bed.session(url)) as Record<string, string>;
    for (const method of ['GET', 'DELETE']) {
      for (const named of [session, { 'mcp-session-id': 'no-such-session' }]) {
        const headers = { accept: 'text/event-stream', ...named };
        const response = await fetch(url, { method, headers });
        expect([response.status, response.headers.get('mcp-session-id')]).toEqual([401, null]);
      }
    }
    const headers = { ...session, ...(await bed.bearer(url, '')) };
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
  });

  it('trusts a session that was opened with a token in the mode session, with the scopes that it had', async () => {
    const { url } = trusting;
    const session = await bed.session(url, 'tool:echo');
    expect((await post(url, callOf('echo'), session)).status).toBe(200);
    expect((await post(url, callOf('work'), session)).status).toBe(403);
    expect((await post(url, callOf('echo'), { 'mcp-session-id': 'made-up' })).status).toBe(401);
  });
}
