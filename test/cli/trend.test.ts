import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { type Day, resultsOf } from '../../src/result/history/series.case.ts';
import { TrendDocument } from '../../src/result/trend/document.ts';
import { judge } from './in-process.ts';
import { type Ended, scratch, startIn } from './paceline.ts';

const STEP = [1000, 1010, 990, 1005, 995, 1015, 985, 1500, 1510, 1490, 1505, 1495];

/** A folder with a result for each day in `results/`, and the command line in it: in this process, and started. */
function folderWith(...days: readonly (number | Day)[]) {
  const cwd = scratch();
  mkdirSync(join(cwd, 'results'));
  const results = resultsOf(days.map((day) => (typeof day === 'number' ? { responseUs: day } : day)));
  const fileOf = (at: number): string => join(cwd, 'results', String(at + 1), 'result.json');
  for (const [at, document] of results.entries()) {
    mkdirSync(join(cwd, 'results', String(at + 1)));
    writeFileSync(fileOf(at), JSON.stringify(document));
  }
  const run = (line: string): Promise<Ended> => judge({ cwd }, ...line.split(' '));
  const started = (line: string): Promise<Ended> => startIn({ cwd }, ...line.split(' ')).ended;
  return { cwd, run, started, fileOf };
}

describe('paceline trend', () => {
  it('tells a change with its time, commit and size, and judges nothing', async () => {
    const days = STEP.map((responseUs, at) => ({ responseUs, commit: `${at}`.repeat(40).slice(0, 40) }));
    const { run } = folderWith(...days);
    const { code, stdout, stderr } = await run('trend results');
    expect({ code, stderr }).toEqual({ code: EXIT.pass, stderr: '' });
    expect(stdout).toMatch(/2026-10-08 02:00 {2}7777777777 {2}1\.00 ms → 1\.50 ms {2}\+\d+\.\d % /);
    expect(stdout).toContain('worse');
  });

  it('prints the document, and writes it with its page', async () => {
    const { cwd, started } = folderWith(...STEP);
    const { code, stdout, stderr } = await started('trend results --json --out trend');
    const document = TrendDocument.parse(JSON.parse(stdout));
    expect(code).toBe(EXIT.pass);
    expect(document.series).toMatchObject([{ changes: [{ at: 7 }] }]);
    expect(readFileSync(join(cwd, 'trend', 'trend.json'), 'utf8')).toBe(stdout);
    expect(readFileSync(join(cwd, 'trend', 'trend.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(stderr).toContain('written: trend/trend.html');
  });

  it('reads baselines as well, and counts a result that is there twice once', async () => {
    const { run } = folderWith(...STEP.slice(0, 3));
    await run('baseline save results/1 --branch main');
    const document = JSON.parse((await run('trend . --json')).stdout);
    expect(document).toMatchObject({ results: 3, copies: 1 });
    const stored = JSON.parse((await run('trend .paceline/baselines --json')).stdout);
    expect(stored.series).toMatchObject([{ branch: 'main', points: { length: 1 }, pointsNeeded: 3 }]);
  });

  it('reads a metric in the words of thresholds', async () => {
    const { run } = folderWith(...STEP);
    const { code, stdout } = await run('trend results --metric goodput --json');
    expect(code).toBe(EXIT.pass);
    expect(JSON.parse(stdout).series).toMatchObject([{ metric: 'rate.goodputPerSecond' }]);
  });

  it('reads another metric', async () => {
    const { run } = folderWith(...STEP);
    const document = JSON.parse((await run('trend results --metric rate.goodputPerSecond --json')).stdout);
    expect(document.series).toMatchObject([{ metric: 'rate.goodputPerSecond', better: 'higher' }]);
  });

  it('groups results of other profiles and says what it needs', async () => {
    const { run } = folderWith(1000, { responseUs: 1, profile: { title: 'Other', load: { rate: '1/s' } } });
    const { code, stdout } = await run('trend results');
    expect(code).toBe(EXIT.pass);
    expect(stdout).toContain('Nightly, “sticky”');
    expect(stdout).toContain('Other, “sticky”');
    expect(stdout).toContain('  1.00 ms\n');
    expect(stdout).toContain(
      'one result is no trend yet: two show one, and a search for change points needs at least 4, so 3 more',
    );
    expect(stdout).not.toMatch(/[▁▂▃▄▅▆▇█]/);
  });
});

describe('paceline trend refuses', () => {
  const truncate = (file: string): void => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 900));

  it.each([
    { what: 'an empty folder', days: [], args: 'results', says: 'results: the folder holds no result' },
    { what: 'a folder that is not there', days: [], args: 'none', says: 'none: cannot be read (ENOENT)' },
    { what: 'a file', days: [1000], args: 'results/1/result.json', says: 'cannot be read (ENOTDIR)' },
    {
      what: 'an unknown metric',
      days: [1000],
      args: 'results --metric responseTime.p9Us',
      says: '--metric: unknown metric "responseTime.p9Us"',
    },
    {
      what: 'results that say nothing',
      days: [{ responseUs: 1000, isBound: true }],
      args: 'results',
      says: 'no result has a value of the metric',
    },
  ])('$what', async ({ days, args, says }) => {
    const { cwd, run } = folderWith(...days);
    const { code, stdout, stderr } = await run(`trend ${args} --out trend`);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain(says);
    expect(existsSync(join(cwd, 'trend'))).toBe(false);
  });

  it('truncated and foreign results, and names all of them', async () => {
    const { started, fileOf } = folderWith(...STEP);
    truncate(fileOf(2));
    writeFileSync(fileOf(4), '{"schema":"other@1"}');
    const { code, stderr } = await started('trend results');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('results/3/result.json: is not JSON');
    expect(stderr).toContain('results/5/result.json: is not a result, its schema is "other@1"');
  });
});
