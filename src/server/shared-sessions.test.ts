import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { completeState, State } from '../profile/section/state.ts';
import { scratch } from '../units/scratch.case.ts';
import type { Answered, SuiteServer } from './ask.case.ts';
import { finiteCases } from './finite.case.ts';
import { GuardedBed, post } from './guarded-bed.case.ts';
import { guardedSessionCases } from './guarded-sessions.case.ts';
import { serverCases } from './server.case.ts';
import { askingInSessions, sessionCases } from './sessions.case.ts';

describe('the sessions server lean, with its sessions in a store', () => {
  const settings: SuiteServer = {
    server: 'lean',
    era: 'sessions',
    state: {
      settings: completeState(State.parse({ kind: 'memory', sessions: 'store' })),
      store: { kind: 'lmdb', folder: scratch() },
      secret: randomBytes(32).toString('base64url'),
    },
  };
  const ask = askingInSessions();
  const unknownTool = (message: Answered['message']): void => expect(message.error.code).toBe(-32602);
  serverCases({ settings, ask, unknownTool });
  finiteCases({ settings, ask, handshake: 'ping' });
  sessionCases(settings, ask);

  describe('where calls are checked', () => {
    const bed = new GuardedBed(settings);
    guardedSessionCases(bed);
    const [first, second] = [bed.use(), bed.use()];

    it('refuses a session that another client has opened, at each instance, as one that never existed', async () => {
      const session = (await bed.session(first.url)) as Record<string, string>;
      const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
      const statusOf = async (url: string, headers: Record<string, string>): Promise<number> =>
        (await post(url, list, headers)).status;
      for (const { url } of [first, second, first]) {
        const own = await bed.bearer(url, '');
        const stranger = await bed.bearer(url, '', { sub: 'other', client_id: 'other' });
        expect(await statusOf(url, { ...session, ...own })).toBe(200);
        expect(await statusOf(url, { ...session, ...stranger })).toBe(404);
        expect(await statusOf(url, { 'mcp-session-id': 'none', ...stranger })).toBe(404);
        const deleted = await fetch(url, { method: 'DELETE', headers: { ...session, ...stranger } });
        expect(deleted.status).toBe(404);
      }
    });
  });
});
