import { describe, expect, it } from 'vitest';
import { only, withLines } from '../profile/sample-profile.case.ts';
import type { Era } from '../profile/settings.ts';
import { UserError } from '../units/user-error.ts';
import { checkFound } from './check-found.ts';

/** The problems with a profile of these calls, of a server of `era`. */
function problemsWith(calls: string, era: Era): readonly string[] {
  const settings = only(
    withLines('fleet:', 'target: { url: "http://127.0.0.1:1/mcp" }', `calls: [${calls}]`),
  );
  try {
    checkFound(settings, {
      era,
      url: 'http://127.0.0.1:1/mcp',
      instance: undefined,
      idsAsText: false,
      setsCookies: false,
    });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
}

describe('a mix with server/discover', () => {
  const CALLS = '{ list: tools }, { discover: true }';

  it('is refused once the server is known to have sessions', () => {
    expect(problemsWith(CALLS, 'sessions')).toEqual([
      'calls.1.discover: server/discover does not exist in the era sessions, which the server speaks',
    ]);
  });

  it('is made with a server without sessions', () => {
    expect(problemsWith(CALLS, 'stateless')).toEqual([]);
  });

  it('is the only one that is refused for it', () => {
    expect(problemsWith('{ list: prompts }, { read: "file:///a" }', 'sessions')).toEqual([]);
  });
});
