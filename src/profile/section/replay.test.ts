import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { only, problemsIn, whatIsWrong, withLines } from '../sample-profile.case.ts';

const replay = (more: string): readonly string[] => [`load: { replay: trace.jsonl${more} }`, 'calls:'];

describe('a replay', () => {
  it.each([
    ['', 1],
    [', speed: 1x', 1],
    [', speed: 0.5x', 0.5],
    [', speed: 100x', 100],
    [', speed: 2.5x, workers: 1', 2.5],
  ])('with {%s} is %s times as fast as it was recorded', (more, speed) => {
    const { shape } = only(withLines(...replay(more))).load;
    expect(shape).toMatchObject({
      kind: 'replay',
      trace: expect.stringMatching(/^\/.*trace\.jsonl$/),
      speed,
    });
  });

  it.each([
    ['0x', '"0x" is not valid'],
    ['0', '0 is not valid'],
    ['2', '2 is not valid'],
    ['-1x', '"-1x" is not valid'],
    ['0.49x', '"0.49x" is not valid'],
    ['101x', '"101x" is not valid'],
    ['fast', '"fast" is not valid'],
  ])('has no speed %s', (speed, what) => {
    expect(whatIsWrong(...replay(`, speed: ${speed}`))).toEqual([`p.yaml:2:37 load.speed: ${what}`]);
  });

  const combined = 'cannot be combined with load.replay';
  it.each<[string, readonly string[], readonly string[]]>([
    ['calls', ['load: { replay: t.jsonl }'], [`calls: ${combined}`]],
    ['a rate', replay(', rate: 5/s'), ['load.replay: sets rate and replay']],
    [
      'stages',
      replay(', stages: [{ duration: 1s, rate: 5/s, step: true }]'),
      ['load.replay: sets stages and replay'],
    ],
    ['concurrency', replay(', concurrency: 2'), ['load.replay: sets concurrency and replay']],
    ['a warm-up', replay(', warmup: 1s'), [`load.warmup: ${combined}`]],
    ['the warm-up of other loads', replay(', warmup: 2s'), [`load.warmup: ${combined}`]],
    ['the agents of other loads', replay(', agents: 64'), [`load.agents: ${combined}`]],
    ['arrivals', replay(', arrivals: constant'), [`load.arrivals: ${combined}`]],
    ['skew', replay(', skew: 0'), [`load.skew: ${combined}`]],
    ['threads', replay(', workers: 2'), [`load.workers: ${combined}`]],
    ['a closed-loop driver', replay(', driver: autocannon'), ['load.driver: ']],
    ['no file', ['load: { replay: "" }', 'calls:'], ['load.replay: "" is not valid']],
    ['a list of files', ['load: { replay: [a, b] }', 'calls:'], ['load.replay: ']],
  ])('does not go with %s', (_, lines, problems) => {
    const found = whatIsWrong(...lines).map((text) => text.replace(/^p\.yaml:\d+:\d+ /, ''));
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  it('has the callers of its trace, and no identities', () => {
    const lines = [...replay(''), 'auth: { mode: jwt }', 'identities: [{ name: a, agents: 64 }]'];
    expect(whatIsWrong(...lines)).toContainEqual(expect.stringContaining(`identities: ${combined}`));
  });

  it('is what a speed needs', () => {
    expect(whatIsWrong('load: { rate: 5/s, speed: 2x }')).toEqual([
      'p.yaml:2:27 load.speed: needs load.replay',
    ]);
  });

  it('is what a load without calls is', () => {
    expect(whatIsWrong('calls:')).toEqual([expect.stringMatching(/calls: is missing$/)]);
  });

  it('that an override excludes leaves no calls', () => {
    const without = (at: string, key: string, variant = ''): string =>
      `${at} ${key}${variant}: excludes load.replay, without which calls is missing (leave ${key} out, or set calls, too; load.speed sets how fast a trace is replayed)`;
    const text = withLines(...replay(''));
    const set = ['load.rate=10/s'];
    expect(problemsIn(text, { set })).toEqual([without('--set load.rate=10/s:', 'load.rate')]);
    expect(problemsIn(text, { set: [...set, 'calls=[{ list: tools }]'] })).toEqual([]);
    const variants = `${text}variants: [{ name: a, load: { rate: 5/s } }, { name: b, load.concurrency: 2 }]`;
    expect(problemsIn(variants, { set })).toEqual([
      without('p.yaml:4:37', 'load.rate', ' (variant "a")'),
      without('p.yaml:4:75', 'load.concurrency', ' (variant "b")'),
    ]);
  });

  it('of a variant takes the place of the load and the calls of the profile, and the other way round', () => {
    const shapes = (text: string): readonly unknown[] =>
      parseProfile(text, 'p.yaml').variants.map(({ settings }) => [
        settings.load.shape.kind,
        settings.calls.length,
      ]);
    const mixed = 'variants: [{ name: mix }, { name: trace, load.replay: t.jsonl }]';
    expect(shapes(withLines('load: { rate: 5/s, warmup: 1s, agents: 9 }', mixed))).toEqual([
      ['rate', 1],
      ['replay', 0],
    ]);
    const traced = 'variants: [{ name: once }, { name: twice, load.speed: 2x }]';
    expect(shapes(withLines(...replay(''), traced))).toEqual([
      ['replay', 0],
      ['replay', 0],
    ]);
  });
});
