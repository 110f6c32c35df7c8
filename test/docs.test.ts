/** @module Proves that the documentation is true: links lead somewhere, profiles are valid, commands and options exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { EXIT } from '../src/cli/exit.ts';
import { parseProfile } from '../src/experiment/parse-profile.ts';
import { helpOf } from './cli/help.ts';
import { anchors, codeBlocks, codeSpans, links } from './markdown.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const FILES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

/** `file:line` or `file`, with what was found there. */
interface Found {
  readonly where: string;
  readonly text: string;
}

const everywhere = (find: (markdown: string) => readonly string[]): readonly Found[] =>
  FILES.flatMap((file) => find(read(file)).map((text) => ({ where: file, text })));

const blocks = FILES.flatMap((file) =>
  codeBlocks(read(file)).map((block) => ({ ...block, where: `${file}:${block.line}` })),
);

describe('a link', () => {
  const local = everywhere(links).filter(({ text }) => !/^[a-z]+:/.test(text));

  it.each(local)('in $where to $text leads to a file, and to a heading in it', ({ where, text }) => {
    const [path, anchor] = text.split('#');
    const file = path === '' ? where : join(dirname(where), path!);
    expect(existsSync(join(ROOT, file)), `there is no ${file}`).toBe(true);
    if (anchor !== undefined) expect(anchors(read(file))).toContain(anchor);
  });
});

describe('a piece of YAML', () => {
  /** What a piece leaves out. A threshold may name a variant of the demo. */
  const REST = {
    version: 1,
    load: { rate: '10/s' },
    calls: [{ list: 'tools' }, { tool: 'search' }],
    variants: [{ name: 'sessions, sticky' }],
  };

  it.each(blocks.filter(({ language }) => language === 'yaml'))(
    'in $where is a valid profile, alone or with the keys it leaves out',
    ({ where, text }) => {
      for (const [, name] of text.matchAll(/\$\{(\w+)\}/g)) vi.stubEnv(name!, 'value');
      const piece = parse(text) as object;
      const testbed =
        'target' in piece || 'fleet' in piece ? {} : { fleet: { server: 'lean', instances: 2 } };
      const whole = 'version' in piece ? text : stringify({ ...REST, ...testbed, ...piece });
      expect(parseProfile(whole, { file: where }).variants).not.toEqual([]);
    },
  );
});

/** Lines of shell code, without comments. */
const shellLines: readonly Found[] = blocks
  .filter(({ language }) => language === 'sh' || language === '')
  .flatMap(({ where, text }) =>
    text.split('\n').map((line) => ({ where, text: line.replace(/ +# .*$/, '') })),
  );

const commandLines = [...shellLines, ...everywhere(codeSpans)].filter(({ text }) =>
  /^(npx )?paceline( |$)/.test(text),
);

describe('a command line', () => {
  it.each(commandLines)('in $where exists: $text', ({ text }) => {
    // Brackets mark what is optional, and a bar separates alternatives.
    const words = text.replace(/^npx /, '').replaceAll(/[[\]]/g, '').split(' ').slice(1);
    const { options, rest } = helpOf(words);
    const [profile] = rest.filter((word) => word.startsWith('profiles/'));
    if (profile !== undefined) expect(existsSync(join(ROOT, profile))).toBe(true);
    expect(options).toEqual(expect.arrayContaining(words.filter((word) => /^--?[a-z]/.test(word))));
  });
});

describe('what else is named in code', () => {
  const spans = [...shellLines, ...everywhere(codeSpans)];

  it.each(spans.filter(({ text }) => text.includes('npm run ')))(
    'in $where is a script: $text',
    ({ text }) => {
      const names = [...text.matchAll(/npm run (?:-s )?([\w-]+)/g)].map((match) => match[1]!);
      expect(Object.keys(JSON.parse(read('package.json')).scripts)).toEqual(expect.arrayContaining(names));
    },
  );

  // docs/extending.md names the files of samples beside those that exist.
  const paths = spans.filter(
    ({ where, text }) =>
      where !== 'docs/extending.md' && /^(bench|bin|docs|profiles|src|test)\/[\w./-]+$/.test(text),
  );
  it.each(paths)('in $where is in the repository: $text', ({ text }) => {
    expect(existsSync(join(ROOT, text))).toBe(true);
  });
});

it('the table of exit codes in README is complete', () => {
  const codes = [...read('README.md').matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  expect(codes).toEqual(Object.values(EXIT));
});
