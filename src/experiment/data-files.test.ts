import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import { problemsIn, withLines } from '../profile/sample-profile.case.ts';
import type { Settings } from '../profile/settings.ts';
import { scratch } from '../units/scratch.case.ts';
import { describeProblem } from '../units/user-error.ts';
import { DataFiles } from './data-files.ts';

const folder = scratch();

function settings(files: Readonly<Record<string, string | Buffer>>, data: string, args: string): Settings {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const text = withLines(`data: ${data}`, `calls: [{ tool: a, arguments: ${args} }]`);
  return parseProfile(text, join(folder, 'p.yaml')).variants[0]!.settings;
}

const CSV = '\uFEFFemail,name\n"a@x,y",Ann\n\nb@x,Ben\n';
const JSONL = '{"id": 7, "tags": ["x"]}\n\n{"id": 8}\n';

describe('the rows of data', () => {
  it('are those of CSV files with a header, and of JSON lines', async () => {
    const files = { 'users.csv': CSV, 'items.jsonl': JSONL };
    const use = settings(files, '{ users: users.csv, items: items.jsonl, pick: random }', '{}');
    const read = await new DataFiles().rowsOf(use);
    expect(read).toEqual([
      {
        name: 'users',
        pick: 'random',
        rows: [
          { email: 'a@x,y', name: 'Ann' },
          { email: 'b@x', name: 'Ben' },
        ],
      },
      { name: 'items', pick: 'random', rows: [{ id: 7, tags: ['x'] }, { id: 8 }] },
    ]);
  });

  it.each<
    [
      what: string,
      files: Readonly<Record<string, string | Buffer>>,
      data: string,
      args: string,
      problem: RegExp,
    ]
  >([
    ['a missing file', {}, '{ u: none.csv }', '{}', /^data\.u: .*none\.csv does not exist/],
    ['a folder', {}, '{ u: "." }', '{}', /^data\.u: .* cannot be read \(EISDIR\)/],
    ['a file without rows', { 'e.csv': 'a,b\n' }, '{ u: e.csv }', '{}', /^data\.u: .*e\.csv has no rows/],
    [
      'a column that is there twice',
      { 't.csv': '\nname,id,name\na,b,c\n' },
      '{ u: t.csv }',
      '{}',
      /t\.csv:2: the header has two columns "name"; expected a name of its own/,
    ],
    [
      'bytes that are no text',
      { 'b.csv': Buffer.from([0x61, 0x0a, 0x00, 0xff]) },
      '{ u: b.csv }',
      '{}',
      /^data\.u: .*b\.csv is no UTF-8 text/,
    ],
    [
      'a row that is too short',
      { 's.csv': 'a,b\n1\n' },
      '{ u: s.csv }',
      '{}',
      /s\.csv:2: the row has 1 of 2 values; expected as many values as the header has columns \(a value with a comma/,
    ],
    [
      'a quote that is not closed',
      { 'q.csv': 'a,b\n1,"2\n' },
      '{ u: q.csv }',
      '{}',
      /q\.csv:\d: the text ends within a value in double quotes; expected a closing double quote \(.*""\)$/,
    ],
    [
      'text behind a quote',
      { 'r.csv': 'a,b\n1,"2"3\n' },
      '{ u: r.csv }',
      '{}',
      /r\.csv:2: text follows a closing double quote; expected a comma or the end of the line/,
    ],
    [
      'a quote within a value',
      { 'o.csv': 'a,b\n1,2"3\n' },
      '{ u: o.csv }',
      '{}',
      /o\.csv:2: a double quote stands within a value without quotes; expected double quotes around/,
    ],
    [
      'a line that is no object',
      { 'l.jsonl': '{}\n[1]\n' },
      '{ u: l.jsonl }',
      '{}',
      /l\.jsonl:2: the line is no JSON object; expected one object/,
    ],
    [
      'an unknown column',
      { 'c.csv': CSV },
      '{ u: c.csv }',
      '{ x: "{{u.mail}}" }',
      /c\.csv:1: has no "mail", which is \{\{u\.mail\}\} in tools\/call a; expected one of email, name \(did you mean \{\{u\.email\}\}\?\)$/,
    ],
    [
      'a column that a row lacks',
      { 'k.jsonl': JSONL },
      '{ u: k.jsonl }',
      '{ x: "{{u.tags}}" }',
      /k\.jsonl:3: has no "tags", .*; expected one of id$/,
    ],
    [
      'a column below empty lines, once for all that refer to it',
      { 'd.csv': `\n\n${CSV.slice(1)}` },
      '{ u: d.csv }',
      '{ x: "{{u.nmae}}", y: ["{{u.nmae}}"] }',
      /d\.csv:3: has no "nmae", .* \(did you mean \{\{u\.name\}\}\?\)$/,
    ],
  ])('are refused: %s', async (_, files, data, args, problem) => {
    const use = settings(files, data, args);
    const problems = await new DataFiles().problemsOf(use);
    expect(problems.map(describeProblem)).toEqual([expect.stringMatching(problem)]);
    await expect(new DataFiles().rowsOf(use)).rejects.toThrow(problem);
  });

  it('are read once, however often they are needed', async () => {
    const use = settings({ 'once.csv': CSV }, '{ u: once.csv }', '{ x: "{{u.name}}" }');
    const files = new DataFiles();
    expect(await files.problemsOf(use)).toEqual([]);
    rmSync(join(folder, 'once.csv'));
    const [read] = await files.rowsOf(use);
    expect(read!.rows).toHaveLength(2);
    expect((await files.rowsOf(use))[0]!.rows).toBe(read!.rows);
    expect(await new DataFiles().problemsOf(use)).toHaveLength(1);
  });

  it('have names that templates know', () => {
    const named = (data: string, args: string): readonly string[] =>
      problemsIn(withLines(`data: ${data}`, `calls: [{ tool: a, arguments: ${args} }]`));
    expect(named('{ users: u.csv }', '{ x: "{{user.email}}" }')).toEqual([
      expect.stringContaining(
        'unknown placeholder "user.email"; expected one of {{users.COLUMN}} (did you mean {{users.email}}?)',
      ),
    ]);
    expect(named('{ saved: u.csv }', '{}')).toEqual([expect.stringContaining('"saved" is no name of data')]);
    expect(named('{ u: 7 }', '{}')).toEqual([
      expect.stringContaining('data.u: 7 is not valid; expected the path of a CSV file'),
    ]);
    expect(named('{ u: u.csv, pick: first }', '{}')).toEqual([
      expect.stringContaining('data.pick: "first" is not valid'),
    ]);
  });
});
