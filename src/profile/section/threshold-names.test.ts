/** @module Names in thresholds that the profile does not have. */
import { describe, expect, it } from 'vitest';
import { METRICS, problemsIn, withLines } from '../sample-profile.case.ts';
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
  instances: [
    { variant: 'jwt', most: 4 },
    { variant: 'none', most: 1 },
  ],
  metrics: [...METRICS, { ...METRICS[5]!, name: 'wrong_allows', byIdentity: true }],
};

describe('a name in a threshold', () => {
  it.each([
    'p(99){tool:search} < 5ms',
    'p(99){tools/list} < 5ms for "jwt"',
    'wrong_allows{identity:reader, tool:search} == 0',
    'error_rate{instance:4} < 1%',
    'error_rate{instance:1} < 1% for none',
  ])('that is known: %s', (text) => {
    expect(thresholdFaults(text, known)).toEqual([]);
  });

  it.each<[string, string, string | undefined]>([
    ['p(99){tool:serch} < 5ms', 'unknown tool "serch"', 'did you mean "search"?'],
    ['p(99){tools/lost} < 5ms', 'unknown call "tools/lost"', 'did you mean "tools/list"?'],
    ['wrong_allows{identity:writer} == 0', 'unknown identity "writer"', undefined],
    ['error_rate{instance:5} < 1%', 'unknown instance "5"', undefined],
    ['error_rate{instance:2} < 1% for none', 'unknown instance "2"', undefined],
    ['error_rate{instance:first} < 1%', 'unknown instance "first"', undefined],
    ['error_rate{instance:0} < 1%', 'unknown instance "0"', undefined],
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

  it.each(['7', 'pod-1'])('of an instance is not looked up where servers name themselves: %s', (name) => {
    const open = { ...known, instances: [...known.instances, { variant: 'own', most: undefined }] };
    expect(thresholdFaults(`error_rate{instance:${name}} < 1%`, open)).toEqual([]);
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

describe('an instance in a threshold of a profile', () => {
  const profile = (name: string, ...lines: readonly string[]): readonly string[] =>
    problemsIn(withLines(`thresholds: ["error_rate{instance:${name}} < 1%"]`, ...lines));
  const LOAD = 'load: { rate: 100/s, duration: 8s }';

  it.each([
    ['9', 'fleet: { instances: 1 }', '1, the only instance of the fleet'],
    ['5', 'fleet: {}', 'a number from 1 to 4'],
    ['5', 'faults: [{ at: 5s, kill: 1 }]', 'a number from 1 to 4'],
    ['6', 'faults: [{ at: 5s, add: 1 }]', 'a number from 1 to 5'],
    ['11', 'faults: [{ at: 1s, add: 1 }, { at: 5s, restart: all }]', 'a number from 1 to 10'],
    [
      '3',
      'variants: [{ name: a, fleet.instances: 1 }, { name: b, fleet.instances: 2 }]',
      'a number from 1 to 2',
    ],
  ])('%s is refused with %s', (name, line, expected) => {
    const [problem, ...others] = profile(name, LOAD, line);
    expect(others).toEqual([]);
    expect(problem).toContain(`unknown instance "${name}" in`);
    expect(problem).toContain(`expected ${expected}`);
  });

  it.each([
    ['4', 'fleet: {}'],
    ['5', 'faults: [{ at: 5s, add: 1 }]'],
    ['2', 'variants: [{ name: a, fleet.instances: 1 }, { name: b, fleet.instances: 2 }]'],
    ['pod-9', 'fleet: { server: { command: x }, instances: 1 }'],
  ])('%s may be there with %s', (name, line) => {
    expect(profile(name, LOAD, line)).toEqual([]);
  });

  it('may be any of a target, whose instances name themselves', () => {
    expect(profile('9', 'fleet:', 'target: { url: "http://127.0.0.1:1/mcp" }')).toEqual([]);
  });
});
