/** @module Proves how the parsers read quotes, comments, blocks and defaults, and that no text makes them crash or hang. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIG_KINDS, type ConfigKind } from '../../../profile/balancer-kinds.ts';
import { describeProblem, UserError } from '../../../units/user-error.ts';
import { corpus } from './corpus.case.ts';
import { effective, readHaproxy } from './haproxy/config.ts';
import { splitWords } from './haproxy/words.ts';
import { lintConfig } from './lint.ts';
import { parseNginx } from './nginx/parse.ts';
import { parseTrees } from './tree/parse.ts';
import { get, text } from './tree/tree.ts';

function problemOf(source: string, kind?: ConfigKind): string {
  try {
    lintConfig(source, { file: 'f', ...(kind === undefined ? {} : { kind }) });
  } catch (error) {
    if (error instanceof UserError) return describeProblem(error.problems[0]!);
    throw error;
  }
  return 'no problem';
}

describe('the nginx parser', () => {
  const words = (source: string) => parseNginx(source, 'f').map(({ name, args }) => [name, ...args]);

  it.each([
    ['a b c;', [['a', 'b', 'c']]],
    ['a "b c" \'d;e\';', [['a', 'b c', 'd;e']]],
    ['a "say \\"x\\"" ~\\.css$;', [['a', 'say "x"', '~\\.css$']]],
    ['a # b\n c; # d', [['a', 'c']]],
    ['a b#c;', [['a', 'b#c']]],
    [`a \${x}y{}`, [['a', `\${x}y`]]],
    ['content_by_lua_block { if a then b = "}" end -- }\n } c;', [['content_by_lua_block'], ['c']]],
    ['', []],
  ])('reads %j', (source, expected) => {
    expect(words(source)).toEqual(expected);
  });

  it('keeps lines and columns', () => {
    const [http] = parseNginx('http {\n\n  a\n   b;\n}', 'f');
    expect(http?.block).toEqual([{ name: 'a', args: ['b'], at: { line: 3, column: 3 } }]);
  });
});

describe('the HAProxy parser', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['a "b c" # d', ['a', 'b c']],
    ["a 'b\\'c", ['a', 'b\\c']],
    ['a b\\ c\\#d', ['a', 'b c#d']],
    ['a "x\\"y" ""', ['a', 'x"y', '']],
    ['# all', []],
  ])('splits %j', (line, expected) => {
    expect(splitWords(line, 'f:1')).toEqual(expected);
  });

  it('inherits defaults by name, through a chain, or from above', () => {
    const source = [
      'defaults one\n timeout server 1s\n retries 1',
      'defaults two from one\n timeout server 2s',
      'backend mcp from two\n server a :1',
      'backend mcp-b\n server a :1',
      'defaults\n timeout server 3s',
      'backend mcp-c\n server a :1\nbackend mcp-d from one\n server a :1',
    ].join('\n');
    const { backends } = readHaproxy(source, 'f');
    const value = (index: number, ...start: string[]) =>
      effective(backends[index]!, ...start)
        .at(-1)
        ?.words.at(-1);
    expect([0, 1, 2, 3].map((index) => value(index, 'timeout', 'server'))).toEqual(['2s', '2s', '3s', '1s']);
    expect([0, 1, 2, 3].map((index) => value(index, 'retries'))).toEqual(['1', '1', undefined, '1']);
  });
});

describe('the YAML reader', () => {
  it('resolves aliases and merge keys, and finds camelCase by its snake_case', () => {
    const [tree] = parseTrees('base: &b { maxAge: 1, x: 2 }\nuse: { <<: *b, x: 3 }\nsame: *b', 'f');
    expect(text(tree, 'use', 'max_age')).toBe('1');
    expect(text(tree, 'use', 'x')).toBe('3');
    expect(get(tree, 'same', 'x')?.at).toEqual({ line: 1, column: 26 });
  });

  it('gives a resource without metadata its findings', () => {
    const source =
      'kind: Ingress\nspec:\n  ingressClassName: nginx\n  rules: [{ http: { paths: [{ path: /mcp }] } }]';
    const { findings } = lintConfig(source, { file: 'f', kind: 'kubernetes' });
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'stream-timeout', line: 1 }));
  });

  it('rejects aliases that multiply without end', () => {
    const bomb = Array.from({ length: 12 }, (_, index) =>
      index === 0 ? 'a0: &a0 [1]' : `a${index}: &a${index} [${`*a${index - 1},`.repeat(9)}]`,
    ).join('\n');
    expect(problemOf(bomb, 'envoy')).toMatch(/more than 200000 values/);
  });
});

describe('a broken file', () => {
  it.each<[ConfigKind, string, RegExp]>([
    ['nginx', 'http {\n server {\n', /^f:2: the file ends inside block "server" of line 2; expected "}"/],
    ['nginx', 'a b\n}', /^f:1: directive "a" is not terminated; expected ";" before "}"/],
    ['nginx', 'a;\n}', /^f:2: unexpected "}"/],
    ['nginx', 'a\n"b;', /^f:2: a quoted word is not terminated; expected a closing "/],
    ['nginx', '{'.repeat(10), /^f:1: unexpected "{"/],
    ['nginx', 'a{'.repeat(100_000), /nested too deeply/],
    ['haproxy', 'backend a\n server "b', /^f:2: a quote is not terminated; expected a closing "/],
    ['haproxy', '\nserver a', /^f:2: "server" is outside of every section/],
    ['envoy', 'a: [1\nb: 2', /^f:\d: invalid YAML or JSON: .*; expected/],
    ['envoy', `${'['.repeat(50_000)}`, /^f/],
    ['envoy', `${'['.repeat(300)}${']'.repeat(300)}`, /^f:1: values are nested too deeply/],
    ['kubernetes', 'a: *missing', /^f:1/],
    ['envoy', '&a [ *a ]', /^f:1: alias/],
  ])('%s, case %#: is reported with its line', (kind, source, expected) => {
    expect(problemOf(source, kind)).toMatch(expected);
  });

  it.each(['', 'hello', '{}', 'a: b', 'server a', '\n'.repeat(200_000), `location ${' '.repeat(200_000)}`])(
    'is rejected when its language cannot be detected (case %#)',
    (source) => {
      expect(problemOf(source)).toMatch(/^f: unknown configuration language.*expected nginx .*--kind/);
    },
  );
});

describe('arbitrary texts', () => {
  const pieces = [
    '{',
    '}',
    ';',
    '"',
    "'",
    '\\',
    '#',
    '\n',
    ': ',
    '- ',
    '&a ',
    '*a',
    '[',
    ']',
    '${',
    '|',
    '<<: ',
    '\0',
    '\t',
    'é',
  ];
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(30),
    insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
  });

  it('never cause an internal error, however a file of the corpus is mangled', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (file, edits) => {
          const mangled = edits.reduce((source, { at, remove, insert }) => {
            const offset = Math.floor(at * source.length);
            return source.slice(0, offset) + insert + source.slice(offset + remove);
          }, file.text);
          expect(() => problemOf(mangled, file.kind)).not.toThrow();
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('are read as any language without a crash', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus),
        fc.constantFrom(...CONFIG_KINDS),
        fc.string({ unit: fc.constantFrom(...pieces, 'a', 'b', ' '), maxLength: 60 }),
        (file, kind, noise) => {
          expect(() => problemOf(noise, kind)).not.toThrow();
          expect(() => problemOf(file.text, kind)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });
});
