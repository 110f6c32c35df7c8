import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile/profile.ts';
import { problemsIn, withLines } from '../profile/sample-profile.case.ts';
import type { Settings } from '../profile/settings.ts';
import { scratch } from '../units/scratch.case.ts';
import { describeProblem } from '../units/user-error.ts';
import { dataProblems, dataRows } from './data-rows.ts';

const folder = scratch();

function settings(files: Readonly<Record<string, string>>, data: string, args: string): Settings {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const text = withLines(`data: ${data}`, `calls: [{ tool: a, arguments: ${args} }]`);
  return parseProfile(text, join(folder, 'p.yaml')).variants[0]!.settings;
}

const CSV = '\uFEFFemail,name\n"a@x,y",Ann\n\nb@x,Ben\n';
const JSONL = '{"id": 7, "tags": ["x"]}\n\n{"id": 8}\n';

describe('the rows of data', () => {
  it('are those of CSV files with a header, and of JSON lines', async () => {
    const files = { 'users.csv': CSV, 'items.jsonl': JSONL };
    const read = await dataRows(
      settings(files, '{ users: users.csv, items: items.jsonl, pick: random }', '{}'),
    );
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
    [what: string, files: Readonly<Record<string, string>>, data: string, args: string, problem: RegExp]
  >([
    ['a missing file', {}, '{ u: none.csv }', '{}', /^data\.u: .*none\.csv does not exist/],
    ['a folder', {}, '{ u: "." }', '{}', /^data\.u: .* cannot be read \(EISDIR\)/],
    ['a file without rows', { 'e.csv': 'a,b\n' }, '{ u: e.csv }', '{}', /^data\.u: .*e\.csv has no rows/],
    [
      'a row that is too short',
      { 's.csv': 'a,b\n1\n' },
      '{ u: s.csv }',
      '{}',
      /^data\.u: .*s\.csv: Invalid Record Length/,
    ],
    [
      'a line that is no object',
      { 'l.jsonl': '{}\n[1]\n' },
      '{ u: l.jsonl }',
      '{}',
      /l\.jsonl: line 2 is no JSON object/,
    ],
    [
      'an unknown column',
      { 'c.csv': CSV },
      '{ u: c.csv }',
      '{ x: "{{u.mail}}" }',
      /^calls\.tools\/call a: row 1 of u has no "mail"; expected one of email, name/,
    ],
    [
      'a column that a row lacks',
      { 'k.jsonl': JSONL },
      '{ u: k.jsonl }',
      '{ x: "{{u.tags}}" }',
      /row 2 of u has no "tags"/,
    ],
  ])('are refused: %s', async (_, files, data, args, problem) => {
    const problems = (await dataProblems(settings(files, data, args))).map(describeProblem);
    expect(problems).toEqual([expect.stringMatching(problem)]);
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
