import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { completeState, State } from '../profile/section/state.ts';
import { scratch } from '../units/scratch.case.ts';
import type { Answered, SuiteServer } from './ask.case.ts';
import { finiteCases } from './finite.case.ts';
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
});
