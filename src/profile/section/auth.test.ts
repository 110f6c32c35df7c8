import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { only, whatIsWrong, withLines } from '../sample-profile.case.ts';
import type { Settings } from '../settings.ts';

const withAuth = (...lines: readonly string[]): Settings => only(withLines(...lines));

describe('auth', () => {
  it('takes durations, paths and plants as they are used', () => {
    const { auth } = withAuth(
      'auth: { mode: introspection-cached, policy: cedar, cedar: { policies: a.cedar, entities: b.json }, cacheTtl: 2s, lifetime: 5m, server: { delay: 5ms }, plant: { checkBusy: 200us, skipOn: 2 } }',
    );
    expect(auth).toMatchObject({
      mode: 'introspection-cached',
      cedar: { policies: resolve('a.cedar'), entities: resolve('b.json') },
      cacheTtlUs: 2e6,
      lifetimeUs: 300e6,
      server: { delayUs: 5000 },
      plant: { checkBusyUs: 200, skipOn: 2 },
    });
  });

  it.each([
    [
      'auth: { mode: session }',
      'p.yaml:5:15 auth.mode: session does not exist in the era stateless, which has no sessions',
    ],
    [
      'auth: { audit: { file: log.jsonl, fields: { traceparnt: trace.id } } }',
      'p.yaml:5:45 auth.audit.fields.traceparnt: unknown key',
    ],
    ['auth: { policy: cedar }', 'p.yaml:5:17 auth.policy: cedar needs files'],
    [
      'auth: { cedar: { policies: a, entities: b } }',
      'p.yaml:5:9 auth.cedar: has no effect without policy cedar',
    ],
  ])('%s', (line, message) => {
    expect(whatIsWrong(line)).toEqual([message]);
  });

  it('needs the embedded balancer for a gateway', () => {
    expect(whatIsWrong('auth: { mode: gateway }', 'balancer: { engine: nginx }')).toEqual([
      expect.stringContaining('auth.mode: gateway needs the embedded balancer'),
    ]);
    expect(whatIsWrong('auth: { mode: gateway }')).toEqual([]);
  });

  it('cannot be checked at a target, or in a server started by a command', () => {
    const target = 'target: { url: "http://127.0.0.1:1/mcp" }';
    expect(whatIsWrong('fleet:', target, 'auth: { mode: jwt }')).toContainEqual(
      expect.stringContaining('auth.mode: cannot be combined with a target'),
    );
    expect(whatIsWrong('fleet: { server: { command: x } }', 'auth: { mode: jwt }')).toContainEqual(
      expect.stringContaining('auth.mode: needs a built-in server'),
    );
  });
});

describe('events', () => {
  it('are in the order of time, each with what it needs', () => {
    const { events } = withAuth(
      'auth: { mode: jwt }',
      'events: [{ at: 5s, skewClock: 2, by: -2m, for: 1s }, { at: 1s, revoke: 8 }, { at: 3s, serverDown: 1500ms }]',
    );
    expect(events).toEqual([
      { kind: 'revoke', atUs: 1e6, forUs: 0, agents: 8 },
      { kind: 'serverDown', atUs: 3e6, forUs: 1.5e6 },
      { kind: 'skewClock', atUs: 5e6, forUs: 1e6, instance: 2, byUs: -120e6 },
    ]);
  });

  it.each([
    ['events: [{ at: 1s }]', 'needs exactly one of'],
    ['events: [{ at: 1s, revoke: 1, rotateKeys: true }]', 'sets revoke and rotateKeys'],
    ['events: [{ at: 20s, revoke: 1 }]', 'is not within the measured time of 10s'],
    ['events: [{ at: 1s, skewClock: 9 }]', 'there is no instance 9'],
    ['events: [{ at: 1s, revoke: 65 }]', 'is more than the 64 agents'],
    [
      'identities: [{ name: a, agents: 64 }]\nevents: [{ at: 1s, revoke: 1, identity: nobody }]',
      'there is no identity nobody',
    ],
  ])('%s', (line, what) => {
    expect(whatIsWrong('auth: { mode: jwt }', line)).toContainEqual(expect.stringContaining(what));
  });

  it('need tokens', () => {
    expect(whatIsWrong('events: [{ at: 1s, revoke: 1 }]')).toContainEqual(
      expect.stringContaining('have no effect without tokens'),
    );
  });
});
