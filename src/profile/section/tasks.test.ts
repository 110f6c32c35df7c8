import { describe, expect, it } from 'vitest';
import { SERVERS } from '../kinds.ts';
import { only, problemsIn, whatIsWrong, withLines } from '../sample-profile.case.ts';

const LISTEN = 'tasks: { via: listen }';

describe('tasks', () => {
  it('are listened for at servers that tell of them, and at those of which nobody knows', () => {
    for (const server of ['lean', '{ command: [node, server.mjs] }']) {
      expect(only(withLines(LISTEN, `fleet: { server: ${server} }`)).tasks).toEqual({
        via: 'listen',
        cancel: 0,
      });
    }
    expect(
      only(withLines(LISTEN, 'fleet:', 'target: { url: http://127.0.0.1:1/mcp, era: stateless }')).tasks?.via,
    ).toBe('listen');
  });

  it.each([
    ['sdk', 'fleet: { server: sdk }'],
    ['of the default', 'fleet: {}'],
  ])('are not listened for at the server %s, whose SDK has no such streams', (_, fleet) => {
    expect(SERVERS.sdk.tellsOfTasks).toBe('no');
    expect(problemsIn(withLines(LISTEN, fleet))).toEqual([
      expect.stringMatching(/ tasks\.via: needs streams that tell of tasks.*fleet\.server lean.*via poll/),
    ]);
  });

  it('are polled for at every server', () => {
    expect(whatIsWrong('tasks: { via: poll }', 'fleet: { server: sdk }')).toEqual([]);
  });

  it('are refused once in the sessions era', () => {
    expect(whatIsWrong(LISTEN, 'fleet: { server: sdk, era: sessions }')).toEqual([
      expect.stringContaining('has no effect in the era sessions'),
    ]);
  });
});
