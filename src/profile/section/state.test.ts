import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { METRICS, whatIsWrong, withLines } from '../sample-profile.case.ts';

describe('fleet.state.sessions', () => {
  it('is memory unless it is set', () => {
    const sessionsOf = (state: string): unknown => {
      const text = withLines(`fleet: { server: lean, era: sessions, state: ${state} }`);
      const [variant] = parseProfile(text, 'p.yaml', { metrics: METRICS }).variants;
      const { endpoint } = variant!.settings;
      return endpoint.kind === 'fleet' && endpoint.state?.sessions;
    };
    expect([sessionsOf('{ kind: store }'), sessionsOf('{ kind: memory, sessions: store }')]).toEqual([
      'memory',
      'store',
    ]);
  });

  it.each([
    [
      'the server that binds its sessions',
      'server: sdk, era: sessions',
      /cannot be store with the server sdk/,
    ],
    ['the default server', 'era: sessions', /cannot be store with the server sdk/],
    ['an era without sessions', 'server: lean', /has no effect in the era stateless/],
  ])('is refused as store with %s', (_, fleet, what) => {
    expect(whatIsWrong(`fleet: { ${fleet}, state: { sessions: store } }`)).toEqual([
      expect.stringMatching(/ fleet\.state\.sessions: /),
    ]);
    expect(whatIsWrong(`fleet: { ${fleet}, state: { sessions: store } }`)[0]).toMatch(what);
    expect(whatIsWrong(`fleet: { ${fleet}, state: { sessions: memory } }`)).toEqual([]);
  });
});
