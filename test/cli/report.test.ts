import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTY } from '../../src/report/session-audit/session-audit.case.ts';
import { readResult } from '../../src/result/file.ts';
import { UserError } from '../../src/units/user-error.ts';
import { paceline, profileFile, scratch, WENT_WELL } from './paceline.ts';

const out = scratch();
const result = join(out, 'result.json');

beforeAll(async () => {
  const profile = profileFile(`
version: 1
title: tiny
load: { rate: 50/s, warmup: 0s, duration: 300ms, agents: 2, connections: 2 }
calls: [{ tool: echo, arguments: { text: hi } }]
fleet: { server: lean, instances: 1 }
`);
  expect(WENT_WELL).toContain((await paceline('run', profile, '--out', out)).code);
});

describe('paceline report', () => {
  // What each format holds is in the tests of the formats; Markdown is in the golden files.
  it.each([
    ['json', '"paceline/result@1"'],
    ['text', '\nverdict: '],
    ['hdr', 'Percentile'],
  ])('prints %s on stdout', async (format, words) => {
    const ended = await paceline(
      'report',
      result,
      '--format',
      format,
      ...(format === 'hdr' ? ['--out', join(out, format)] : []),
    );
    const text =
      format === 'hdr'
        ? readFileSync(join(out, format, readdirSync(join(out, format))[0]!), 'utf8')
        : ended.stdout;
    expect(text).toContain(words);
    expect(ended.code).toBe(0);
  });

  it('reads the result in the folder of a run', async () => {
    const [file, folder] = await Promise.all(
      [result, out].map((path) => paceline('report', path, '--format', 'csv')),
    );
    expect(file!.stdout).toContain('variant,');
    expect(folder).toEqual(file);
    const empty = await paceline('report', scratch());
    expect(empty.code).toBe(2);
    expect(empty.stderr).toMatch(/result\.json: cannot be read \(ENOENT\)/);
  });

  it('has an audit as a section of the page, and in no other format', async () => {
    const audit = join(scratch(), 'audit.json');
    writeFileSync(audit, JSON.stringify(FAULTY));
    const [page, text, wrong] = await Promise.all([
      paceline('report', result, '--audit', audit),
      paceline('report', result, '--audit', audit, '--format', 'text'),
      paceline('report', result, '--audit', result),
    ]);
    expect(page.code).toBe(0);
    expect(page.stdout).toContain('<!doctype html>');
    expect(page.stdout).toContain('<h2>Hidden sessions</h2>');
    expect(page.stdout).toContain(FAULTY.findings[0]!.title);
    expect(page.stdout).toContain('id="audit-matrix"');
    expect([text.code, wrong.code]).toEqual([2, 2]);
    expect(text.stderr).toContain('--format html');
    expect(wrong.stderr).toContain('is not a session audit, its schema is "paceline/result@1"');
  });

  it('writes every chart as an image', async () => {
    const folder = join(out, 'png');
    expect((await paceline('report', result, '--format', 'png', '--out', folder)).code).toBe(0);
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThan(2);
    expect(names.every((name) => name.endsWith('.png'))).toBe(true);
  });

  const file = (name: string, text: string): string => {
    const path = join(out, name);
    writeFileSync(path, text);
    return path;
  };

  // That an unknown format is rejected is in the golden files.
  it('rejects a file of another kind with one line', async () => {
    const path = file('half.json', '{"schema":"paceline/result@1"}');
    const { code, stderr, stdout } = await paceline('report', path);
    expect(stderr).toMatch(
      /half\.json: is a broken result, at paceline: [^\n]*, and \d more; expected a result\.json/,
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  const wanted = 'expected a result.json written by paceline run (schema paceline/result@1)';
  it.each([
    ['nowhere.json', null, 'cannot be read'],
    ['text.json', 'hello', `text.json: is not JSON; ${wanted}`],
    ['list.json', '[]', `list.json: is not a result, it names no schema; ${wanted}`],
    ['other.json', '{"schema":"x"}', `other.json: is not a result, its schema is "x"; ${wanted}`],
  ])('says why it cannot read %s', async (name, text, words) => {
    const path = text === null ? join(out, name) : file(name, text);
    const error = await readResult(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(words);
    expect((error as UserError).message).not.toContain('\n');
  });
});
