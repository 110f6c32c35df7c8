import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { only, problemsIn, withLines } from '../sample-profile.case.ts';
import type { FleetSettings } from '../settings.ts';

const variants = (list: string, ...lines: readonly string[]) =>
  parseProfile(withLines(`variants: ${list}`, ...lines), 'p.yaml').variants;
const fleetOf = (list: string, ...lines: readonly string[]) =>
  variants(list, ...lines)[0]!.settings.endpoint as FleetSettings;

describe('a variant', () => {
  it('overrides by dotted path, by nested mapping and by both', () => {
    const list =
      '[{ name: a, fleet.era: sessions, fleet: { instances: 2, tools: { catalogue: 3 } }, fleet.tools.ttl: 1s }]';
    expect(fleetOf(list)).toMatchObject({
      era: 'sessions',
      instances: 2,
      tools: { catalogue: 3, ttlMs: 1000 },
    });
  });

  it('leaves what it does not name, and the other variants, alone', () => {
    const [a, b] = variants(
      '[{ name: a, load.agents: 5 }, { name: b, load: { agents: 6 } }]',
      'load: { rate: 7/s, timeout: 1s }',
    );
    expect(a!.settings.load).toMatchObject({ agents: 5, timeoutUs: 1e6, shape: { perSecond: 7 } });
    expect(b!.settings.load).toMatchObject({ agents: 6, timeoutUs: 1e6, shape: { perSecond: 7 } });
  });

  it('keeps the question that it answers, which overrides nothing', () => {
    const [a, b] = variants('[{ name: a, question: How fast? }, { name: b, base: a, load.agents: 5 }]');
    expect(a).toMatchObject({ question: 'How fast?', overrides: {} });
    expect(b).not.toHaveProperty('question');
    expect(problemsIn(withLines('variants: [{ name: a, question: 7 }]'))).toEqual([
      'p.yaml:5:33 variants[0].question: 7 is not valid; expected a question',
    ]);
  });

  it('keeps what it overrides as the profile wrote it', () => {
    expect(variants('[{ name: a, fleet.era: sessions, load: { agents: 5 } }]')[0]!.overrides).toEqual({
      'fleet.era': 'sessions',
      load: { agents: 5 },
    });
  });

  it('reaches into lists by index, and replaces lists as a whole', () => {
    const [a, b] = variants(
      '[{ name: a, calls.0.weight: 5 }, { name: b, calls: [{ tool: x }, { tool: y }] }]',
    );
    expect(a!.settings.calls.map(({ name, weight }) => [name, weight])).toEqual([['tools/list', 5]]);
    expect(b!.settings.calls.map(({ name }) => name)).toEqual(['tools/call x', 'tools/call y']);
  });

  it.each([
    ['load.concurrency: 3', { kind: 'closed', concurrency: 3 }],
    ['load: { rate: 9/s }', { kind: 'rate', perSecond: 9 }],
    ['load.stages: [{ duration: 1s, rate: 2/s }]', { kind: 'stages' }],
  ])('%s takes the place of the shape of the profile', (override, shape) => {
    const [a] = variants(`[{ name: a, ${override} }]`, 'load: { rate: 7/s, duration: 3s }');
    expect(a!.settings.load.shape).toMatchObject(shape);
  });

  it('takes a target in place of a fleet, a distribution in place of another', () => {
    const [a, b] = variants(
      '[{ name: a, target.url: "http://a/" }, { name: b, fleet.tools.work: { exponential: { mean: 2ms } } }]',
      'balancer: {}',
      'fleet: { tools: { work: { uniform: { min: 1ms, max: 2ms } } } }',
    );
    expect(a!.settings.endpoint.kind).toBe('target');
    expect((b!.settings.endpoint as FleetSettings).tools.work).toEqual({ kind: 'exponential', meanUs: 2000 });
  });

  it('leaves the balancer in front of instances alone when it overrides something else of the target', () => {
    const lines = ['fleet:', 'target: { instances: ["http://a/mcp"] }', 'balancer: { policy: sticky }'];
    const all = variants(
      '[{ name: a, target.era: sessions }, { name: b, target: { headers: { X-A: b } } }]',
      ...lines,
    );
    expect(all.map(({ settings }) => settings.balancer?.policy)).toEqual(['sticky', 'sticky']);
    const flags = { headers: ['X-A: b'], set: ['target.era=sessions'] };
    expect(only(withLines(...lines), flags).balancer?.policy).toBe('sticky');
  });

  it('may bring what the profile itself lacks, and mend what does not go together', () => {
    expect(variants('[{ name: a, load.rate: 5/s }]', 'load: {}')[0]!.settings.load.shape).toMatchObject({
      perSecond: 5,
    });
    expect(fleetOf('[{ name: a, fleet.server: sdk }]', 'fleet: { server: lean, era: sessions }').server).toBe(
      'sdk',
    );
  });

  it('may name the variant that it is compared with', () => {
    const [a, b, c] = variants(
      '[{ name: a, base: c }, { name: b, base: a, fleet.era: sessions }, { name: c }]',
    );
    expect([a!.base, b!.base]).toEqual(['c', 'a']);
    expect(b!.overrides).toEqual({ 'fleet.era': 'sessions' });
    expect(c).not.toHaveProperty('base');
  });

  it('is run three times when there are several, once when there is one, as told when told', () => {
    const repetitions = (...lines: readonly string[]) =>
      parseProfile(withLines(...lines), 'p.yaml').repetitions;
    expect(repetitions('variants: [{ name: a }]')).toBe(1);
    expect(repetitions('variants: [{ name: a }, { name: b }]')).toBe(3);
    expect(repetitions('variants: [{ name: a }, { name: b }]', 'repetitions: 5')).toBe(5);
  });

  it.each([
    [
      '[{ name: a, load.rate: 1/s, load.concurrency: 2 }]',
      [
        'p.yaml:5:57 load.concurrency (variant "a"): sets rate and concurrency; expected exactly one of rate, stages, concurrency or replay',
      ],
    ],
    [
      '[{ name: a }, { name: b, fleet: { era: session } }]',
      [
        'p.yaml:5:50 fleet.era (variant "b"): "session" is not valid; expected stateless, sessions or auto (did you mean sessions?)',
      ],
    ],
    [
      '[{ name: a, flet.era: sessions }]',
      [expect.stringMatching(/^p.yaml:5:23 flet \(variant "a"\): unknown key; .*did you mean "fleet"/)],
    ],
    [
      '[{ name: a, load.rate.x: 1 }]',
      [
        expect.stringMatching(
          /^p.yaml:5:36 load.rate \(variant "a"\): \{"x":1\} is not valid; expected a rate/,
        ),
      ],
    ],
    [
      '[{ name: a, calls.7.weight: 1 }]',
      ['p.yaml:5:39 calls[7] (variant "a"): the list has no such entry; expected an index from 0 to 0'],
    ],
    [
      '[{ name: a, __proto__.x: 1 }]',
      [expect.stringMatching(/^p.yaml:5:23 __proto__ \(variant "a"\): unknown key/)],
    ],
    [
      '[{ name: a, calls.echo.weight: 1 }]',
      ['p.yaml:5:42 calls.echo (variant "a"): the list has no such entry; expected an index from 0 to 0'],
    ],
    [
      '[{ name: a, repetitions: 2 }]',
      [
        'p.yaml:5:23 variants[0].repetitions: repetitions applies to all variants (set it at the top level of the profile)',
      ],
    ],
    [
      '[{ name: a }, { name: a }]',
      ['p.yaml:5:33 variants[1].name: "a" is used by two variants; expected a unique name'],
    ],
    [
      '[{ name: sticky }, { name: b, base: stiky }]',
      [
        'p.yaml:5:47 variants[1].base: no variant is named "stiky"; expected "sticky" (did you mean "sticky"?)',
      ],
    ],
    [
      '[{ name: a }, { name: b, base: b }, { name: c }]',
      ['p.yaml:5:42 variants[1].base: "b" is the variant itself; expected "a" or "c"'],
    ],
    [
      '[{ name: a, base: a }]',
      ['p.yaml:5:29 variants[0].base: "a" is the variant itself; expected no base: it is the only variant'],
    ],
    [
      '[{ name: a, base: 7 }]',
      ['p.yaml:5:29 variants[0].base: 7 is not valid; expected the name of a variant'],
    ],
    ['[{ name: "" }]', ['p.yaml:5:20 variants[0].name: "" is not valid; expected a name']],
    ['[{}]', ['p.yaml:5:12 variants[0].name: is missing; expected a name']],
    [
      '[a]',
      ['p.yaml:5:12 variants[0]: "a" is not valid; expected a mapping with a name and what it overrides'],
    ],
    ['{}', ['p.yaml:5:1 variants: {} is not valid; expected a list of variants']],
  ])('%s is refused', (list, problems) => {
    expect(problemsIn(withLines('fleet: { server: lean }', `variants: ${list}`))).toEqual(problems);
  });
});
