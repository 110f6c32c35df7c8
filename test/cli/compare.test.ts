import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import type { ResultDocument } from '../../src/result/document.ts';
import { type Day, resultsOf } from '../../src/result/history/series.case.ts';
import { recordingOf, variantOf } from '../../src/result/summary/result.case.ts';
import { judge } from './in-process.ts';
import { type Ended, scratch, startIn } from './paceline.ts';

/** A folder with a result below each name, and the command line in it: in this process, and started. */
function folderWith(results: Readonly<Record<string, Partial<Day> | string | ResultDocument>>) {
  const cwd = scratch();
  const days = Object.values(results).map((one) =>
    typeof one === 'string' || 'schema' in one ? { responseUs: 1000 } : { responseUs: 1000, ...one },
  );
  const made = resultsOf(days);
  for (const [at, [name, one]] of Object.entries(results).entries()) {
    mkdirSync(join(cwd, name), { recursive: true });
    const content = typeof one === 'string' ? one : JSON.stringify('schema' in one ? one : made[at]);
    writeFileSync(join(cwd, name, 'result.json'), content);
  }
  const run = (line: string): Promise<Ended> => judge({ cwd }, ...line.split(' '));
  const started = (line: string): Promise<Ended> => startIn({ cwd }, ...line.split(' ')).ended;
  return { cwd, run, started };
}

/** A result of which each repetition has one of these response times, in microseconds. */
function resultOfTimes(times: readonly number[], over: Partial<ResultDocument> = {}): ResultDocument {
  const [document] = resultsOf([{ responseUs: 1 }]);
  const recordings = times.map((responseUs) => recordingOf([{ count: 20, responseUs }]));
  return {
    ...document!,
    createdAt: '2026-11-01T00:00:00.000Z',
    variants: [variantOf('sticky', recordings)],
    ...over,
  };
}

const [GOOD] = resultsOf([{ responseUs: 1000 }]).map((document) => JSON.stringify(document));

describe('the exit code of paceline compare', () => {
  it.each<[string, number, Partial<Day> | ResultDocument]>([
    ['the headline metric regressed', EXIT.regression, { responseUs: 1200 }],
    ['it improved', EXIT.pass, { responseUs: 800 }],
    ['it is the same', EXIT.pass, { responseUs: 1005 }],
    ['it is undecided', EXIT.inconclusive, resultOfTimes([900, 1100, 1300])],
    ['there is one repetition', EXIT.inconclusive, resultOfTimes([1500])],
    ['the generator was the bottleneck', EXIT.inconclusive, { responseUs: 1200, isBound: true }],
    ['the machine is another one', EXIT.inconclusive, { responseUs: 1200, machine: { cpu: 'Intel' } }],
    ['the load is another one', EXIT.inconclusive, { responseUs: 1200, profile: { load: { rate: '1/s' } } }],
    [
      'another server was measured',
      EXIT.regression,
      { responseUs: 1200, profile: { fleet: { server: { command: 'node other.js' } } } },
    ],
  ])('when %s: %i', async (_, code, after) => {
    const { run } = folderWith({ before: {}, after });
    expect(await run('compare before after')).toMatchObject({ code, stderr: '' });
  });

  it('is that of the worst of several candidates', async () => {
    const { run, started } = folderWith({
      a: {},
      same: {},
      worse: { responseUs: 1200 },
      open: { isBound: true },
    });
    expect((await run('compare a same open')).code).toBe(EXIT.inconclusive);
    const { code, stdout } = await started('compare a same worse open');
    expect(code).toBe(EXIT.regression);
    expect(stdout).toMatch(
      /verdict on same: same\nverdict on worse: regressed\nverdict on open: undecided\n$/,
    );
  });

  it('is 4 when nothing works any more, however fast that was', async () => {
    const failing = [0, 1, 2].map(() => recordingOf([{ count: 20, responseUs: 10, outcome: 'rpc-error' }]));
    const after = { ...resultOfTimes([1]), variants: [variantOf('sticky', failing)] };
    const { run } = folderWith({ before: {}, after });
    const { code, stdout } = await run('compare before after');
    expect(code).toBe(EXIT.regression);
    expect(stdout).toContain('not one call ended ok');
    expect(stdout).toContain('More calls fail, which is a regression');
  });
});

describe('paceline compare', () => {
  it('judges unlike sides when it is told to', async () => {
    const { run } = folderWith({ before: {}, after: { responseUs: 1200, machine: { cpu: 'Intel' } } });
    const { code, stdout } = await run('compare before after --accept-unlike');
    expect(code).toBe(EXIT.regression);
    expect(stdout).toContain('! CPU: AMD EPYC 7B13 in the base, Intel in the candidate');
  });

  it('decides by the metric and the margin that are given', async () => {
    const { run } = folderWith({ before: {}, after: { responseUs: 1200 } });
    expect((await run('compare before after --headline goodput')).code).toBe(EXIT.pass);
    expect((await run('compare before after --headline responseTime.p95Us')).code).toBe(EXIT.regression);
    expect((await run('compare before after --min-effect 50%')).code).toBe(EXIT.pass);
    const { code, stderr } = await run('compare before after --headline p99');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('--headline: unknown metric "p99"');
    expect(stderr).toContain('did you mean "p(99)"?');
  });

  it('takes the results in a folder together', async () => {
    const { run } = folderWith({
      'a/1': {},
      'a/2': {},
      'b/1': { responseUs: 1200 },
      'b/2': { responseUs: 1210 },
    });
    const { stdout } = await run('compare a b --json');
    const { base, changes } = JSON.parse(stdout);
    expect(base).toMatchObject({ label: 'a', files: ['a/1/result.json', 'a/2/result.json'], repetitions: 6 });
    expect(changes[0].pairs).toHaveLength(6);
  });

  it('prints a list of documents for several candidates', async () => {
    const { run } = folderWith({ a: {}, b: {}, c: {} });
    const documents = JSON.parse((await run('compare a b c --json')).stdout);
    expect(documents).toMatchObject([{ candidate: { label: 'b' } }, { candidate: { label: 'c' } }]);
  });

  it('writes every format to a folder', async () => {
    const { cwd, started } = folderWith({ a: {}, b: {} });
    const { code, stdout, stderr } = await started('compare a b --out out');
    expect(code).toBe(EXIT.pass);
    const files = readdirSync(join(cwd, 'out')).sort();
    expect(files).toEqual(
      expect.arrayContaining(['comparison.csv', 'comparison.json', 'comparison.md', 'comparison.txt']),
    );
    expect(readFileSync(join(cwd, 'out/comparison.txt'), 'utf8')).toBe(stdout);
    expect(stderr.match(/^written: out\//gm)).toHaveLength(files.length);
  });

  it('says that a run was interrupted', async () => {
    const document = resultOfTimes([1000, 1001, 1002, 1003]);
    const [variant] = document.variants;
    const repetitions = variant!.repetitions.map((one, at) => ({ ...one, complete: at < 3 }));
    const after = { ...document, complete: false, variants: [{ ...variant!, repetitions }] };
    const { run } = folderWith({ before: {}, after });
    expect(await run('compare before after')).toMatchObject({
      code: EXIT.pass,
      stdout: expect.stringContaining('candidate  after: 3 repetitions, as a run was interrupted'),
    });
  });

  it('compares variants that both sides have, and is undecided because of the others', async () => {
    const { run } = folderWith({ before: { variants: ['a', 'b'] }, after: { variants: ['b', 'c'] } });
    const { code, stdout } = await run('compare before after');
    expect(code).toBe(EXIT.inconclusive);
    expect(stdout).toContain('is undecided in 2 of 3 variants ("a" and "c") and is the');
    expect(stdout).toContain('it was measured in the base only');
    expect(stdout).toContain('it was measured in the candidate only');
  });
});

describe('paceline compare refuses', () => {
  it('with exit code 2 and nothing on stdout', async () => {
    const { started } = folderWith({ a: {} });
    const { code, stdout, stderr } = await started('compare a none');
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toMatch(/^paceline: none: cannot be read \(ENOENT\)/);
  });

  it.each([
    ['a file that was cut off', GOOD!.slice(0, 700), 'it ends in the middle'],
    ['an empty file', '', 'is empty'],
    ['a file with NaN', GOOD!.replace(/"p50Us":\d+/, '"p50Us":NaN'), 'is not JSON'],
    ['a file of another tool', '{"metrics":{"http_req_duration":{}}}', 'is not a result, it names no schema'],
    ['another file of ours', '{"schema":"paceline/comparison@1"}', 'its schema is "paceline/comparison@1"'],
    [
      'another version of the schema',
      GOOD!.replace('paceline/result@1', 'paceline/result@0'),
      'is a result of another version, "paceline/result@0"; this version of Paceline reads version 1',
    ],
    ['a negative count', GOOD!.replace(/"due":20/, '"due":-20'), 'is a broken result, at variants[0]'],
    [
      'a sum that does not hold',
      GOOD!.replace(/"due":20/, '"due":21'),
      '21 calls were due, but 20 sent and 0 dropped',
    ],
    [
      'more successes than calls',
      GOOD!.replace(/"outcomes":\{"ok":20/, '"outcomes":{"ok":25'),
      '20 calls were sent, but 25',
    ],
  ])('%s', async (_, content, says) => {
    const { run } = folderWith({ before: {}, after: content });
    const { code, stdout, stderr } = await run('compare before after');
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain('paceline: after/result.json: ');
    expect(stderr).toContain(says);
  });

  it.each([
    ['an empty folder', 'compare a empty', 'empty: the folder holds no result'],
    ['the same result twice', 'compare a a', 'a/result.json: was named twice'],
    ['a copy', 'compare a copy', 'copy/result.json: is a copy of a/result.json'],
    [
      'sides without a common variant',
      'compare two others',
      'others: has no variant of two: it has "c" and "d"',
    ],
    ['a candidate that is missing', 'compare a', 'paceline compare: needs a candidate'],
    ['an unknown format', 'compare a b --format pdf', "argument 'pdf' is invalid"],
  ])('%s', async (_, line, says) => {
    const { cwd, run } = folderWith({
      a: GOOD!,
      copy: GOOD!,
      b: {},
      two: { variants: ['a', 'b'] },
      others: { variants: ['c', 'd'] },
    });
    mkdirSync(join(cwd, 'empty'));
    const { code, stdout, stderr } = await run(line);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain(says);
  });
});
