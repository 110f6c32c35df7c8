import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { only, problemsIn, withLines } from '../sample-profile.case.ts';
import type { Settings } from '../settings.ts';
import { callNames } from './calls.ts';
import { parseThreshold } from './threshold.ts';
import { thresholdFaults } from './threshold-names.ts';

const FLOW = `calls:
  - name: order
    weight: 3
    flow:
      - { tool: create, save: { basket: $.basket_id } }
      - { tool: add, arguments: { id: "{{saved.basket}}", n: "{{seq}}" }, repeat: 3 }
      - { think: 200ms..2s }
      - parallel:
          - { read: "shop://{{saved.basket}}" }
          - { tool: add, repeat: 2 }
  - { list: tools }
  - flow: [{ prompt: greet, arguments: { name: "{{saved.who}}" } }, { method: completion/complete, params: { ref: a } }]`;

const profileOf = (calls: string): string => `version: 1\nload: { rate: 10/s }\nfleet: {}\n${calls}\n`;
const settings = (calls: string): Settings => only(profileOf(calls));
const problems = (...steps: readonly string[]): readonly string[] =>
  problemsIn(withLines(`calls: [{ flow: [${steps.join(', ')}] }]`)).map((line) =>
    line.replace(/^p\.yaml:3:\d+ /, ''),
  );

describe('a flow', () => {
  const { calls, flows } = settings(FLOW.replace('saved.who', 'agent'));

  it('adds its calls to the flat list, with names of their own and without a weight', () => {
    expect(calls.map(({ name, weight }) => [name, weight])).toEqual([
      ['order / tools/call create', 0],
      ['order / tools/call add', 0],
      ['order / resources/read shop://{{saved.basket}}', 0],
      ['order / tools/call add 2', 0],
      ['tools/list', 1],
      ['flow 2 / prompts/get greet', 0],
      ['flow 2 / completion/complete', 0],
    ]);
  });

  it('has its steps in their order, as plain data', () => {
    expect(flows).toEqual([
      {
        name: 'order',
        weight: 3,
        steps: [
          { kind: 'call', call: 0, repeat: 1, save: { basket: '$.basket_id' } },
          { kind: 'call', call: 1, repeat: 3, save: {} },
          { kind: 'think', minUs: 200_000, maxUs: 2_000_000 },
          {
            kind: 'parallel',
            steps: [
              { kind: 'call', call: 2, repeat: 1, save: {} },
              { kind: 'call', call: 3, repeat: 2, save: {} },
            ],
          },
        ],
      },
      expect.objectContaining({ name: 'flow 2', weight: 1 }),
    ]);
  });

  it('names its calls for thresholds', () => {
    const { document } = parseProfile(profileOf(FLOW.replace('saved.who', 'agent')), 'p.yaml');
    expect(callNames(document['calls'])).toEqual(calls.map(({ name }) => name));
    const bound = 'error_rate{order / tools/call add} < 1%';
    expect(problemsIn(`${profileOf(FLOW.replace('saved.who', 'agent'))}thresholds: ["${bound}"]\n`)).toEqual(
      [],
    );
  });

  it('can be named by a threshold', () => {
    const flow = {
      name: 'flow',
      unit: 'time',
      isDistribution: true,
      isDefault: false,
      byCall: false,
      byFlow: true,
    } as const;
    const named = (threshold: string): readonly string[] =>
      problemsIn(`${profileOf(FLOW.replace('saved.who', 'agent'))}thresholds: ["${threshold}"]\n`, {
        metrics: [flow],
      });
    expect(parseThreshold('flow p(99){flow:order} < 2s', [flow])).toMatchObject({
      metric: 'flow',
      flow: 'order',
    });
    expect(
      thresholdFaults('flow p(99){flow:ordr} < 2s', {
        variants: [],
        calls: [],
        identities: [],
        measuredTimes: [],
        instances: [],
        flows: ['order'],
        metrics: [flow],
      }),
    ).toMatchObject([
      { what: 'unknown flow "ordr" in "flow p(99){flow:ordr} < 2s"', todo: 'did you mean "order"?' },
    ]);
    expect(named('p(99){flow:order} < 2s')).toEqual([
      expect.stringContaining('"response_time" is not measured for each flow'),
    ]);
    expect(named('error_rate{flow:order, tool:a} < 2%')).toEqual([
      expect.stringContaining('a flow cannot be combined with other names in braces'),
    ]);
  });

  it('leaves a mix of single calls without flows', () => {
    expect(settings('calls: [{ list: tools }]').flows).toBeUndefined();
  });
});

describe('what is wrong with a flow', () => {
  const CREATE = '{ tool: create, save: { basket: $.id } }';

  it.each<[what: string, steps: readonly string[], problems: readonly string[]]>([
    [
      'a path that is no JSONPath',
      ['{ tool: a, save: { x: "id" } }'],
      [
        'calls[0].flow[0].save.x: "id" is no JSONPath (RFC 9535); expected a path such as $.basket_id or $.items[0].id',
      ],
    ],
    [
      'a name that no template can have',
      ['{ tool: a, save: { "a b": $.x } }'],
      ['calls[0].flow[0].save.a b: "a b" is no name; expected letters, digits, _ and -'],
    ],
    [
      'a value that no step saves',
      ['{ tool: a, arguments: { x: ["{{saved.y}}"] } }'],
      ['calls[0].flow[0].arguments.x[0]: no earlier step saves "y"; expected save in a step before this one'],
    ],
    [
      'a value that a later step saves, and one with a typing error',
      ['{ read: "x://{{saved.basket}}" }', CREATE, '{ method: x/y, params: { p: "a{{saved.baskt}}" } }'],
      [
        'calls[0].flow[0].read: no earlier step saves "basket"; expected save in a step before this one',
        'calls[0].flow[2].params.p: no earlier step saves "baskt"; expected one of basket (did you mean {{saved.basket}}?)',
      ],
    ],
    [
      'a value that a call in parallel saves',
      [`{ parallel: [${CREATE}, { tool: a, arguments: { x: "{{saved.basket}}" } }] }`],
      [
        'calls[0].flow[0].parallel[1].arguments.x: no earlier step saves "basket"; expected save in a step before this one',
      ],
    ],
    [
      'think time at its beginning and its end',
      ['{ think: 1s }', CREATE, '{ think: 1s }'],
      [
        'calls[0].flow[0].think: has no call on both sides; expected think time between two calls of the flow',
        'calls[0].flow[2].think: has no call on both sides; expected think time between two calls of the flow',
      ],
    ],
    [
      'a range that goes down',
      [CREATE, '{ think: 2s..1s }', CREATE],
      [
        'calls[0].flow[1].think: "2s..1s" is not valid; expected a duration such as 200ms, or a range such as 200ms..2s, up to 1h',
      ],
    ],
    [
      'two kinds in one step',
      ['{ tool: a, think: 1s }'],
      [
        'calls[0].flow[0].think: sets tool and think; expected exactly one of tool, list, read, prompt, discover, method, think or parallel',
        'calls[0].flow[0].think: has no call on both sides; expected think time between two calls of the flow',
      ],
    ],
    [
      'a repeated think time',
      [CREATE, '{ think: 1s, repeat: 2 }', CREATE],
      ['calls[0].flow[1].repeat: cannot be combined with think (only a call takes it; leave it out)'],
    ],
    ['no step', [], ['calls[0].flow: [] is not valid; expected at least one step']],
    [
      'think time in parallel',
      ['{ parallel: [{ think: 1s }] }'],
      [
        'calls[0].flow[0].parallel[0]: needs exactly one of tool, list, read, prompt, discover or method',
        'calls[0].flow[0].parallel[0].think: unknown key; expected tool, list, read, prompt, discover, method, pages, arguments, params, save, repeat or stolen',
      ],
    ],
  ])('is told: %s', (_, steps, expected) => {
    expect(problems(...steps)).toEqual(expected);
  });

  it.each<[call: string, problem: string]>([
    [
      '{ tool: a, arguments: { x: "{{saved.y}}" } }',
      'calls[0].arguments.x: {{saved.y}} is outside of a flow; expected a step of a flow, after one that saves it',
    ],
    [
      '{ tool: a, arguments: { x: "{{users.email}}" } }',
      'calls[0].arguments.x: unknown placeholder "users.email"; expected a name that data defines',
    ],
    ['{ tool: a, name: x }', 'calls[0].name: is for flows: a call is named by its method (leave it out)'],
    ['{ tool: a, save: { x: $.y } }', 'calls[0].save: unknown key'],
    ['{ tool: "a{{agent}}" }', 'calls[0].tool: has a {{...}}, but no template is read here'],
    ['{ prompt: "a{{agent}}" }', 'calls[0].prompt: has a {{...}}, but no template is read here'],
    ['{ method: tools/call }', 'calls[0].method: tools/call has a key of its own (use tool)'],
    ['{ method: prompts/list }', 'calls[0].method: prompts/list has a key of its own (use list: prompts)'],
    [
      '{ method: notifications/cancelled }',
      'calls[0].method: notifications/cancelled is a notification, which has no answer',
    ],
    [
      '{ method: a/b, params: { _meta: {} } }',
      'calls[0].params._meta: is written by Paceline (leave it out)',
    ],
    [
      '{ tool: a, params: {} }',
      'calls[0].params: cannot be combined with tool (only a method takes params; leave them out)',
    ],
    ['{ method: a/b, arguments: {} }', 'calls[0].arguments: cannot be combined with method'],
    ['{ flow: [{ list: tools }], arguments: {} }', 'calls[0].arguments: cannot be combined with flow'],
    [
      '{ name: "a / b", flow: [{ list: tools }] }',
      'calls[0].name: "a / b" is not valid; expected a name without braces and slashes',
    ],
  ])('%s is refused', (call, problem) => {
    const found = problemsIn(withLines(`calls: [${call}]`));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it('is told of two flows with one name, and of discover in the era sessions', () => {
    const flow = '{ name: a, flow: [{ discover: true }] }';
    const found = problemsIn(withLines(`calls: [${flow}, ${flow}]`, 'fleet: { era: sessions }'));
    expect(found).toEqual([
      expect.stringContaining(
        'calls[0].flow[0].discover: server/discover does not exist in the era sessions',
      ),
      expect.stringContaining('calls[1].name: "a" is the name of another flow'),
      expect.stringContaining(
        'calls[1].flow[0].discover: server/discover does not exist in the era sessions',
      ),
    ]);
  });
});

describe('a step that is stolen', () => {
  const withStep = (step: string): string =>
    profileOf(`calls: [{ flow: [{ tool: create, save: { basket: $.id } }, ${step}] }]`);
  const USES = 'arguments: { id: "{{saved.basket}}" }';

  it('has its share in the settings, and none when that is 0', () => {
    const stepsOf = (step: string) =>
      parseProfile(withStep(step), 'p.yaml').variants[0]!.settings.flows![0]!.steps;
    expect(stepsOf(`{ tool: use, ${USES}, stolen: 0.2 }`)[1]).toMatchObject({ stolen: 0.2 });
    expect(stepsOf(`{ tool: use, ${USES}, stolen: 0 }`)[1]).not.toHaveProperty('stolen');
  });

  it.each([
    [`{ tool: use, ${USES}, stolen: 2 }`, 'expected a number from 0 to 1'],
    ['{ tool: use, stolen: 1 }', 'stolen: has no effect on a call that uses nothing that its flow has saved'],
    [`{ tool: use, ${USES}, stolen: 1, save: { x: $.x } }`, 'stolen: cannot be combined with save'],
    ['{ think: 1s, stolen: 1 }, { tool: use }', 'stolen: cannot be combined with think'],
  ])('%s is refused', (step, expected) => {
    expect(problemsIn(withStep(step)).join('\n')).toContain(expected);
  });

  it('needs a second identity where calls are checked', () => {
    const text = withStep(`{ tool: use, ${USES}, stolen: 1 }`);
    const alone = problemsIn(`${text}auth: { mode: jwt }\n`).join('\n');
    expect(alone).toContain('flow[1].stolen: has no effect where all agents are one client');
    const identities = 'identities: [{ name: a, agents: 1 }, { name: b, agents: 1 }]';
    expect(problemsIn(`${text}auth: { mode: jwt }\n${identities}\n`).join()).not.toContain('stolen');
  });
});
