import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomAt } from '../../units/random.ts';
import { describeProblem, type UserError } from '../../units/user-error.ts';
import { compileTemplate, type TemplateContext } from './template.ts';

const context = (seq = 7, agent = 3): TemplateContext => ({
  agent,
  seq,
  random: randomAt(1, 'argument', seq),
});

const render = (value: unknown, seq?: number): unknown =>
  JSON.parse(compileTemplate(value, 'arguments').render(context(seq)));

describe('a template', () => {
  it.each([
    ['no hole', { text: 'hello' }, { text: 'hello' }],
    ['the agent in a text', { text: 'agent {{agent}}!' }, { text: 'agent 3!' }],
    ['white space in the braces', 'call {{ seq }} of {{  agent}}', 'call 7 of 3'],
    ['a number where a string is nothing but a number', { id: '{{seq}}' }, { id: 7 }],
    ['a string where there is anything beside it', { id: '{{seq}} ' }, { id: '7 ' }],
    ['two numbers side by side', '{{agent}}{{seq}}', '37'],
    ['escaped braces', '\\{{seq}} is {{seq}}', '{{seq}} is 7'],
    ['lone closing braces', 'a }} b', 'a }} b'],
    ['what JSON must escape', { 'a"b': 'c\\d\n"{{seq}}"' }, { 'a"b': 'c\\d\n"7"' }],
    ['nested values', [{ a: [null, true, 1.5, '{{agent}}'] }], [{ a: [null, true, 1.5, 3] }]],
    ['one word', '{{oneOf "say \\"hi\\""}}', 'say "hi"'],
  ])('renders %s', (_, value, expected) => {
    expect(render(value)).toEqual(expected);
  });

  it('has no needless white space', () => {
    expect(compileTemplate({ a: [1, '{{seq}}'], b: {} }, 'arguments').render(context())).toBe(
      '{"a":[1,7],"b":{}}',
    );
  });

  it('is byte for byte the same for the same context, and another for another call', () => {
    const template = compileTemplate('{{uuid}} {{randomString 8}} {{randomInt 0 1000000}}', 'arguments');
    expect(template.render(context(1))).toBe(template.render(context(1)));
    expect(template.render(context(1))).not.toBe(template.render(context(2)));
    expect(template.render(context(1))).toMatchInlineSnapshot(
      `""805e1b77-3c3a-484e-83c9-347991fe181a H4NzcnWa 325577""`,
    );
  });

  it('draws what it has always drawn: a run can be repeated', () => {
    const template = compileTemplate(
      {
        a: '{{agent}} {{seq}} {{randomInt -5 4000000000}} {{randomFloat -1 1e9}} {{uuid}}',
        b: [
          '{{randomString 100}}',
          '{{zipf 1000 1.1}}',
          '{{seq}}',
          '{{randomInt -9007199254740991 -9007199254000000}}',
        ],
        c: '\u00e9{{oneOf a "b c" \u4e16\u754c}}{{uuid}}{{randomString 1}}{{randomFloat 0 1e-9}}',
      },
      'arguments',
    );
    const hash = createHash('sha256');
    for (let i = 0; i < 500; i += 1) hash.update(template.render(context(i * 7919 * 10 ** (i % 9), i)));
    expect(hash.digest('hex').slice(0, 16)).toMatchInlineSnapshot(`"dddeeb35a6c97abd"`);
  });

  it('gives back any JSON value that has no template in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('{{'));
        expect(compileTemplate(value, '').render(context())).toBe(JSON.stringify(value));
      }),
    );
  });

  it('renders what substitution by hand would, and is ASCII when it says so', () => {
    const piece = fc.oneof(
      fc.string({
        unit: fc.constantFrom('a', '"', '\\', '\n', '\u0000', 'é', '\u2028', '\ud800', '💥', '{', '}'),
      }),
      fc.constantFrom('{{agent}}', '{{seq}}', '{{oneOf é}}'),
    );
    const text = fc.array(piece, { maxLength: 4 }).map((pieces) => `.${pieces.join('')}`);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
        fc.pre(!texts.some((one) => /\{\{(?!agent\}|seq\}|oneOf é\})|\\\{\{|\{\{\{/.test(one)));
        const template = compileTemplate(texts, '');
        const rendered = template.render(context());
        const byHand = texts.map((one) =>
          one.replaceAll('{{agent}}', '3').replaceAll('{{seq}}', '7').replaceAll('{{oneOf é}}', 'é'),
        );
        expect(JSON.parse(rendered)).toEqual(byHand);
        const length = Buffer.byteLength(rendered);
        if (template.ascii) expect(length).toBe(rendered.length);
        else expect(length).toBeGreaterThan(rendered.length);
      }),
    );
  });
});

describe('a placeholder', () => {
  const draws = (text: string, count = 2000): readonly unknown[] => {
    const template = compileTemplate(text, '');
    return Array.from({ length: count }, (_, seq) => JSON.parse(template.render(context(seq))));
  };

  it('randomInt takes both bounds and nothing beyond', () => {
    expect([...new Set(draws('{{randomInt -1 2}}'))].sort()).toEqual([-1, 0, 1, 2]);
    expect(new Set(draws('{{randomInt 5 5}}', 10))).toEqual(new Set([5]));
  });

  it('randomFloat stays in its range and fills it', () => {
    const values = draws('{{randomFloat -0.5 1.5}}') as number[];
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
    expect(Math.max(...values)).toBeLessThan(1.5);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(1.9);
  });

  it('randomString has its length, letters and digits', () => {
    for (const value of draws('{{randomString 16}}', 200)) expect(value).toMatch(/^[A-Za-z0-9]{16}$/);
  });

  it('uuid is a version 4 UUID, each another', () => {
    const values = draws('{{uuid}}');
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) {
      expect(value).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('oneOf gives every word', () => {
    expect([...new Set(draws('{{oneOf red green "light blue"}}'))].sort()).toEqual([
      'green',
      'light blue',
      'red',
    ]);
  });

  it('zipf gives rank k about 1/k as often as rank 1, within its range', () => {
    const values = draws('{{zipf 10 1}}', 20_000) as number[];
    const count = (rank: number): number => values.filter((value) => value === rank).length;
    expect(new Set(values)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(count(2) / count(1)).toBeCloseTo(1 / 2, 1);
    expect(count(4) / count(1)).toBeCloseTo(1 / 4, 1);
  });

  it.each([
    [
      '{{agnt}}',
      'unknown placeholder "agnt"; expected agent, seq, randomInt, randomFloat, randomString, uuid, oneOf or zipf (did you mean {{agent}}?)',
    ],
    [
      '{{constructor}}',
      'unknown placeholder "constructor"; expected agent, seq, randomInt, randomFloat, randomString, uuid, oneOf or zipf',
    ],
    [
      '{{ }}',
      '{{}} is empty; expected agent, seq, randomInt, randomFloat, randomString, uuid, oneOf or zipf',
    ],
    [
      '{{agent 1}}',
      '{{agent 1}} has wrong arguments; expected the form {{agent}}: number of the calling agent, from 0',
    ],
    [
      '{{randomInt 5}}',
      '{{randomInt 5}} has wrong arguments; expected the form {{randomInt 1 100}}: whole number, both bounds included',
    ],
    [
      '{{randomInt 2 1}}',
      '{{randomInt 2 1}} has wrong arguments; expected the form {{randomInt 1 100}}: whole number, both bounds included',
    ],
    [
      '{{randomInt 0 4294967296}}',
      '{{randomInt 0 4294967296}} has wrong arguments; expected the form {{randomInt 1 100}}: whole number, both bounds included',
    ],
    [
      '{{randomFloat 0x1 2}}',
      '{{randomFloat 0x1 2}} has wrong arguments; expected the form {{randomFloat 0 1}}: number, the upper bound excluded',
    ],
    [
      '{{randomString 0}}',
      '{{randomString 0}} has wrong arguments; expected the form {{randomString 16}}: this many random letters and digits',
    ],
    [
      '{{oneOf}}',
      '{{oneOf}} has wrong arguments; expected the form {{oneOf red green "light blue"}}: one of these words, all equally likely',
    ],
    [
      '{{zipf 0 1}}',
      '{{zipf 0 1}} has wrong arguments; expected the form {{zipf 1000 1.1}}: whole number from 1 to the first argument, small numbers most often (Zipf distribution, the second argument is its exponent)',
    ],
    ['a {{seq', '"{{seq" is an unclosed template; expected {{name}}, or \\{{ for literal braces'],
    [Number.NaN, 'NaN cannot be written as JSON; expected text, a number, a list or a mapping'],
  ])('%s is refused', (value, message) => {
    expect(problemsIn(value, 'here')).toEqual([`here: ${message}`]);
  });

  it('names every problem with its place', () => {
    const problems = problemsIn({ a: ['{{b}}', { c: '{{d}} {{e' }] }, 'calls[0].arguments');
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'calls[0].arguments.a[0]',
      'calls[0].arguments.a[1].c',
      'calls[0].arguments.a[1].c',
    ]);
  });
});

function problemsIn(value: unknown, path: string): readonly string[] {
  try {
    compileTemplate(value, path);
    return [];
  } catch (error) {
    return (error as UserError).problems.map(describeProblem);
  }
}
