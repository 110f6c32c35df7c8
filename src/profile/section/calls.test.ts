import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { METRICS, only, problemsIn, problemsOf, withLines } from '../sample-profile.case.ts';
import { type CallSettings, callNames } from './calls.ts';
import { parseThreshold } from './threshold.ts';

const callsOf = (calls: string, ...lines: readonly string[]): readonly CallSettings[] =>
  only(withLines(`calls: [${calls}]`, ...lines)).calls;

describe('a call', () => {
  it.each<[call: string, settings: Partial<CallSettings>]>([
    ['{ list: tools }', { name: 'tools/list', method: 'tools/list', pages: 'all' }],
    [
      '{ list: resources, pages: first }',
      { name: 'resources/list', method: 'resources/list', pages: 'first' },
    ],
    [
      '{ list: templates }',
      { name: 'resources/templates/list', method: 'resources/templates/list', pages: 'all' },
    ],
    ['{ list: prompts }', { name: 'prompts/list', method: 'prompts/list', pages: 'all' }],
    [
      '{ read: "file:///a" }',
      { name: 'resources/read file:///a', method: 'resources/read', uri: 'file:///a' },
    ],
    [
      '{ read: "x://{{zipf 10 1}}" }',
      { name: 'resources/read x://{{zipf 10 1}}', method: 'resources/read', uri: 'x://{{zipf 10 1}}' },
    ],
    ['{ discover: true }', { name: 'server/discover', method: 'server/discover' }],
  ])('%s is made by its method', (call, settings) => {
    expect(callsOf(call)).toEqual([{ ...settings, weight: 1 }]);
    expect(callNames(parseProfile(withLines(`calls: [${call}]`), 'p.yaml').document['calls'])).toEqual([
      settings.name,
    ]);
  });

  it.each<[call: string, problem: RegExp]>([
    ['{ discover: false }', /calls\[0\]\.discover: false is not valid; expected true/],
    ['{ list: skills }', /calls\[0\]\.list: "skills" .*expected tools, resources, templates or prompts/],
    [
      '{ read: "a", discover: true }',
      /calls\[0\]\.discover: sets read and discover; expected exactly one of tool, list, read, prompt, discover, method or flow/,
    ],
    ['{ weight: 1 }', /calls\[0\]: needs exactly one of tool, list, read, prompt, discover, method or flow/],
    ['{ read: "" }', /calls\[0\]\.read: "" is not valid; expected the URI of a resource/],
    ['{ read: "x://{{agnt}}" }', /calls\[0\]\.read: unknown placeholder "agnt".*did you mean \{\{agent\}\}/],
    ['{ read: "x://{{agent" }', /calls\[0\]\.read: "\{\{agent" is an unclosed template/],
    ['{ read: "a", arguments: {} }', /calls\[0\]\.arguments: cannot be combined with read/],
    ['{ read: "a", pages: all }', /calls\[0\]\.pages: cannot be combined with read/],
    ['{ tool: a, pages: all }', /calls\[0\]\.pages: cannot be combined with tool/],
    ['{ discover: true, arguments: {} }', /calls\[0\]\.arguments: cannot be combined with discover/],
    ['{ list: prompts, arguments: {} }', /calls\[0\]\.arguments: cannot be combined with list/],
  ])('%s is refused', (call, problem) => {
    const problems = problemsOf(() => callsOf(call));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});

describe('server/discover', () => {
  const CALLS = 'calls: [{ list: tools }, { discover: true }]';

  it.each([
    ['fleet: { era: sessions }', 'fleet.era'],
    ['fleet:\ntarget: { url: "http://127.0.0.1:1/mcp", era: sessions }', 'target.era'],
  ])('is refused with %s', (endpoint, key) => {
    const problems = problemsOf(() => only(withLines(CALLS, ...endpoint.split('\n'))));
    expect(problems).toEqual([
      expect.stringContaining(
        `calls[1].discover: server/discover does not exist in the era sessions (use ${key} stateless, or leave the call out)`,
      ),
    ]);
  });

  it.each(['fleet: { era: stateless }', 'fleet:\ntarget: { url: "http://127.0.0.1:1/mcp" }'])(
    'may be called with %s',
    (endpoint) => {
      expect(only(withLines(CALLS, ...endpoint.split('\n'))).calls).toHaveLength(2);
    },
  );
});

describe('a threshold on a read', () => {
  it.each(['file:///a', 'x://{{zipf 10 1}}'])('of %s is for the calls of this name', (uri) => {
    const threshold = `error_rate{resources/read ${uri}} < 1%`;
    const text = withLines(`calls: [{ read: "${uri}" }]`, `thresholds: ["${threshold}"]`);
    expect(problemsIn(text)).toEqual([]);
    expect(parseThreshold(threshold, METRICS)).toMatchObject({ call: `resources/read ${uri}` });
  });
});
