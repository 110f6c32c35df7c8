import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { resultsOf } from '../../src/result/history/series.case.ts';
import { type Ended, scratch, startIn } from './paceline.ts';

/** The results 1, 2, 3 ... whose calls took so long, and the command line in their folder. */
function folderWith(...responseUs: readonly number[]) {
  const cwd = scratch();
  for (const [at, document] of resultsOf(responseUs.map((us) => ({ responseUs: us }))).entries()) {
    mkdirSync(join(cwd, String(at + 1)));
    writeFileSync(join(cwd, String(at + 1), 'result.json'), JSON.stringify(document));
  }
  const run = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    startIn({ cwd, env }, ...line.split(' ')).ended;
  return { cwd, run };
}

describe('paceline compare --budget', () => {
  it.each([
    { allowed: '15%', code: EXIT.pass },
    { allowed: '5%', code: EXIT.regression },
  ])(
    'exits with $code when a metric got worse by 12 %, and $allowed are allowed',
    async ({ allowed, code }) => {
      const { cwd, run } = folderWith(1000, 1120);
      writeFileSync(join(cwd, 'own.yaml'), `response_time_p95: ${allowed}\n`);
      const ended = await run('compare 1 2 --budget own.yaml');
      expect(ended).toMatchObject({ code, stderr: '' });
      expect(ended.stdout.replace(/\s+/g, ' ')).toMatch(
        /the budget own.yaml allows \d+\.\d+ % of p95 response time/,
      );
    },
  );

  it('decides nothing on a percentile that the runs are too short for', async () => {
    const { run } = folderWith(1000, 1000);
    const { code, stdout } = await run('compare 1 2 --budget default');
    expect(code).toBe(EXIT.inconclusive);
    expect(stdout).toContain('a repetition has no value of it');
  });

  it('reports a budget that it cannot use', async () => {
    const { cwd, run } = folderWith(1000, 1120);
    writeFileSync(join(cwd, 'bad.yaml'), 'response_time_p50: much\n');
    writeFileSync(join(cwd, 'worse.yaml'), '{');
    const said = async (file: string) => {
      const { code, stderr } = await run(`compare 1 2 --budget ${file}`);
      expect(code).toBe(EXIT.usage);
      return stderr;
    };
    expect(await said('bad.yaml')).toContain('bad.yaml: response_time_p50: "much" is no allowance');
    expect(await said('worse.yaml')).toContain('worse.yaml: is not YAML');
    expect(await said('lax')).toContain('--budget: cannot read lax; expected default, strict, or a file');
    expect(await said('strict --headline responseTime.p50Us')).toContain('cannot be used with option');
  });
});

describe('--format github', () => {
  it('writes annotations to stdout, and Markdown into the summary of the step', async () => {
    const { cwd, run } = folderWith(1000, 1500);
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') };
    const compared = await run('compare 1 2 --format github', env);
    expect(compared.code).toBe(EXIT.regression);
    expect(compared.stdout).toMatch(/^::error title=Paceline%3A .*p50 response time of sticky regressed::/);
    expect(await run('report 2 --format github', env)).toMatchObject({ code: EXIT.pass });
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8');
    expect(summary).toContain('p50 response time');
    expect(summary.match(/^### /gm)).toHaveLength(2);
  });

  it('writes no summary elsewhere', async () => {
    const { run } = folderWith(1000, 1000);
    expect(await run('compare 1 2 --format github', { GITHUB_STEP_SUMMARY: '' })).toMatchObject({
      code: EXIT.pass,
      stdout: expect.stringMatching(/^::notice /) as string,
    });
  });
});

describe('--allow-no-baseline', () => {
  it('passes a first run, and says that nothing was compared', async () => {
    const { run } = folderWith(1000);
    const { code, stdout, stderr } = await run('compare --baseline 1 --allow-no-baseline');
    expect({ code, stdout }).toEqual({ code: EXIT.pass, stdout: '' });
    expect(stderr).toMatch(/^note: --baseline: .* holds no baseline/);
    expect(await run('compare --baseline 1')).toMatchObject({ code: EXIT.usage });
    expect(await run('compare --baseline nowhere --allow-no-baseline')).toMatchObject({ code: EXIT.usage });
  });
});
