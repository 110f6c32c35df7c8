import { describe, expect, it } from 'vitest';
import { appCases } from './apps/apps.case.ts';
import { type Answered, askStateless, useInstance } from './ask.case.ts';
import { basketCases } from './baskets.case.ts';
import { conformanceCases } from './conformance.case.ts';
import { finiteCases } from './finite.case.ts';
import { offerCases } from './offer.case.ts';
import { roundCases } from './rounds/rounds.case.ts';
import { serverCases } from './server.case.ts';
import { askingInSessions, sessionCases } from './sessions.case.ts';
import { statelessCases } from './stateless.case.ts';
import { subscriptionCases } from './subscriptions.case.ts';

describe.each([{ server: 'sdk' }, { server: 'lean' }] as const)(
  'the stateless server $server',
  ({ server }) => {
    const settings = { server, era: 'stateless' } as const;
    const unknownTool = (message: Answered['message']): void => expect(message.error.code).toBe(-32602);
    serverCases({ settings, ask: askStateless, unknownTool });
    offerCases({ settings, ask: askStateless, unknownTool });
    subscriptionCases(settings);
    basketCases({ settings, ask: askStateless });
    statelessCases(settings, askStateless);
    conformanceCases(settings);
    roundCases(settings);
    appCases(settings);
    finiteCases({ settings, ask: askStateless, handshake: 'server/discover' });
  },
);

describe('the lean server', () => {
  const instance = useInstance({ server: 'lean', era: 'stateless' });

  it('never gave out a cursor, so it accepts none', async () => {
    const { message } = await askStateless(instance.url, 'tools/list', { cursor: '' });
    expect(message.error.code).toBe(-32602);
  });
});

describe.each([{ server: 'sdk' }, { server: 'lean' }] as const)(
  'the sessions server $server',
  ({ server }) => {
    const settings = { server, era: 'sessions' } as const;
    const ask = askingInSessions();
    const unknownTool = (message: Answered['message']): void => {
      if (server === 'lean') {
        expect(message.error.code).toBe(-32602);
        return;
      }
      // McpServer of SDK 1.x makes a failed call of it; we measure what people deploy.
      expect(message.result.isError).toBe(true);
      expect(message.result.content[0].text).toMatch(/-32602/);
    };
    serverCases({ settings, ask, unknownTool });
    offerCases({ settings, ask, unknownTool });
    finiteCases({ settings, ask, handshake: 'ping' });
    sessionCases(settings, ask);
    // The SDK of this era answers in an event stream, whose head it sends first.
    basketCases({ settings, ask, headFirst: server === 'sdk' });
  },
);
