/** @module Names in thresholds that the profile does not have. */
import { describe, expect, it } from 'vitest';
import { METRICS } from '../sample-profile.case.ts';
import { thresholdFaults } from './threshold-names.ts';

const known = {
  variants: ['jwt', 'none'],
  calls: ['tools/call search', 'tools/list'],
  flows: ['order'],
  identities: ['reader'],
  measuredTimes: [
    { variant: 'jwt', us: 10e6 },
    { variant: 'none', us: 20e6 },
  ],
  metrics: [...METRICS, { ...METRICS[5]!, name: 'wrong_allows', byIdentity: true }],
};

describe('a name in a threshold', () => {
  it.each([
    'p(99){tool:search} < 5ms',
    'p(99){tools/list} < 5ms for "jwt"',
    'wrong_allows{identity:reader, tool:search} == 0',
    'error_rate{instance:7} < 1%',
  ])('that is known: %s', (text) => {
    expect(thresholdFaults(text, known)).toEqual([]);
  });

  it.each<[string, string, string | undefined]>([
    ['p(99){tool:serch} < 5ms', 'unknown tool "serch"', 'did you mean "search"?'],
    ['p(99){tools/lost} < 5ms', 'unknown call "tools/lost"', 'did you mean "tools/list"?'],
    ['wrong_allows{identity:writer} == 0', 'unknown identity "writer"', undefined],
    ['dropped == 0 for jwts', 'unknown variant "jwts"', 'did you mean "jwt"?'],
  ])('that is unknown: %s', (text, what, todo) => {
    const [fault] = thresholdFaults(text, known);
    expect(fault).toMatchObject({ what: `${what} in "${text}"`, ...(todo && { todo }) });
    expect(text.slice(fault!.offset)).toMatch(new RegExp(`^${what.split('"')[1]}`));
  });

  it.each(['', ' for none'])('stands beside windows that fit into the measured time%s', (suffix) => {
    expect(thresholdFaults(`error_rate < 1% every 20s${suffix}`, known)).toEqual([]);
  });

  it.each([
    ['error_rate < 1% every 30s', '20 s'],
    ['error_rate < 1% every 20s for jwt', '10 s'],
  ])('stands beside windows that are too long: %s', (text, most) => {
    const [fault] = thresholdFaults(text, known);
    expect(fault).toMatchObject({
      what: expect.stringContaining('is longer than the measured time'),
      expected: expect.stringMatching(new RegExp(`^at most ${most.split(' ')[0]}`)),
    });
    expect(text.slice(fault!.offset)).toMatch(/^\d+s/);
  });

  it('of a tool where the mix calls none is unknown', () => {
    const lists = { ...known, calls: ['tools/list'] };
    expect(thresholdFaults('p(99){tool:a} < 5ms', lists)).toMatchObject([
      { what: expect.stringContaining('unknown tool "a"'), expected: 'no tool: the profile has none' },
    ]);
  });

  it('is not looked up where the profile has no calls or variants: that is reported already', () => {
    const none = { ...known, calls: [], variants: [] };
    expect(thresholdFaults('p(99){tool:a} < 5ms for b', none)).toEqual([]);
  });
});
