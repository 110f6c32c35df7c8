import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { resultsOf } from '../../src/result/history/series.case.ts';
import { ComparisonDocument } from '../../src/result/regression/document.ts';
import { type Ended, scratch, startIn } from './paceline.ts';

const NO_CI = { GITHUB_SERVER_URL: '', GITHUB_STEP_SUMMARY: '', CI_JOB_URL: '' };

/** A folder with two results, `1` and the slower `2`, and the command line in it. */
function twoResults() {
  const cwd = scratch();
  for (const [at, document] of resultsOf([{ responseUs: 1000 }, { responseUs: 1500 }]).entries()) {
    mkdirSync(join(cwd, String(at + 1)));
    writeFileSync(join(cwd, String(at + 1), 'result.json'), JSON.stringify(document));
  }
  const run = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    startIn({ cwd, env: { ...NO_CI, ...env } }, ...line.split(' ')).ended;
  return { cwd, run };
}

describe('paceline compare --out', () => {
  it('writes the page, the JSON and the comment, and prints as without it', async () => {
    const { cwd, run } = twoResults();
    const { code, stdout, stderr } = await run('compare 1 2 --out made');
    expect(code).toBe(EXIT.regression);
    expect(stdout).toMatch(/regressed/);
    expect(stderr).toContain('written: made/comparison.html');
    const read = (name: string): string => readFileSync(join(cwd, 'made', name), 'utf8');
    expect(readdirSync(join(cwd, 'made'))).toContain('comment.md');
    const document = ComparisonDocument.parse(JSON.parse(read('comparison.json')));
    expect(document).toMatchObject({ verdict: { status: 'regressed' }, distributions: { length: 1 } });
    expect(read('comparison.html')).toMatch(/^<!doctype html>[\s\S]*Regressed/);
    expect(read('comment.md')).toMatch(/^<!-- paceline:nightly -->\n/);
  });

  it('says that it cannot write', async () => {
    const { cwd, run } = twoResults();
    writeFileSync(join(cwd, 'made'), '');
    expect(await run('compare 1 2 --out made')).toMatchObject({ code: EXIT.usage });
  });
});

describe('paceline compare --format comment', () => {
  it('has the key and the link that it is told', async () => {
    const { run } = twoResults();
    const { stdout } = await run(
      'compare 1 2 --format comment --comment-key arm64 --report-url https://ci.example/7',
    );
    expect(stdout).toMatch(/^<!-- paceline:arm64 -->\n/);
    expect(stdout).toContain('(https://ci.example/7)');
  });

  it('links to the run of CI that it is made in', async () => {
    const { run } = twoResults();
    const { stdout } = await run('compare 1 2 --format comment', {
      CI_JOB_URL: 'https://gitlab.example/j/7',
    });
    expect(stdout).toContain('(https://gitlab.example/j/7)');
  });

  it('refuses a link that is no page', async () => {
    const { run } = twoResults();
    const { code, stderr } = await run('compare 1 2 --format comment --report-url javascript:alert(1)');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('expected a URL');
  });
});
