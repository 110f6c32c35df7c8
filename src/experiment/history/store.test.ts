import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../result/file.ts';
import { type Day, resultsOf } from '../../result/history/series.case.ts';
import { scratch } from '../../units/scratch.case.ts';
import { UserError } from '../../units/user-error.ts';
import { listBaselines, resultFileOf, type Saved, type SaveOptions, saveBaseline } from './store.ts';

const SAVED_AT = new Date('2026-11-01T00:00:00.000Z');

/** Saves the results of `days` one after the other. */
async function save(
  dir: string,
  days: readonly Day[],
  options: Partial<SaveOptions> = {},
): Promise<readonly Saved[]> {
  const saved: Saved[] = [];
  for (const document of resultsOf(days)) {
    const path = join(scratch(), 'result.json');
    writeFileSync(path, JSON.stringify(document));
    const all = { branch: 'main', name: undefined, savedAt: SAVED_AT, keep: 20, ...options };
    saved.push(await saveBaseline(dir, path, document, all));
  }
  return saved;
}

const day = (at: number): Day => ({ responseUs: 1000 + at });

describe('the folder of baselines', () => {
  it('keeps a copy of the result with its key', async () => {
    const dir = join(scratch(), 'deep', 'baselines');
    const [{ stored }] = (await save(dir, [{ responseUs: 1000, commit: 'abc' }])) as [Saved];
    expect(await listBaselines(dir)).toEqual([stored]);
    expect(stored).toMatchObject({
      branch: 'main',
      title: 'Nightly',
      variants: ['sticky'],
      createdAt: '2026-10-01T02:00:00.000Z',
      savedAt: SAVED_AT.toISOString(),
      revision: { commit: 'abc' },
    });
    expect((await readResult(resultFileOf(stored))).createdAt).toBe(stored.createdAt);
    expect(readdirSync(stored.folder).sort()).toEqual(['baseline.json', 'result.json']);
  });

  it('keeps a result once, with the name that it was given last', async () => {
    const dir = scratch();
    await save(dir, [day(0)]);
    await save(dir, [day(0)], { name: 'v1' });
    expect(await listBaselines(dir)).toMatchObject([{ name: 'v1' }]);
  });

  it('keeps the latest results of a key, and those with a name', async () => {
    const dir = scratch();
    await save(dir, [day(0)], { name: 'v1' });
    const saved = await save(dir, [1, 2, 3, 4].map(day), { keep: 2 });
    expect(saved.map(({ removed }) => removed.length)).toEqual([0, 0, 1, 1]);
    expect((await listBaselines(dir)).map(({ name, createdAt }) => name ?? createdAt.slice(0, 10))).toEqual([
      'v1',
      '2026-10-03',
      '2026-10-04',
    ]);
  });

  it('removes no result of another branch, workload or machine', async () => {
    const dir = scratch();
    await save(dir, [day(0)], { branch: 'a/b', keep: 1 });
    // Its folder has the same name.
    await save(dir, [day(1)], { branch: 'a-b', keep: 1 });
    await save(dir, [{ responseUs: 1, machine: { cores: 2 } }], { branch: 'a/b', keep: 1 });
    await save(dir, [{ responseUs: 1, profile: { load: { rate: '1/s' } } }], { branch: 'a/b', keep: 1 });
    expect(await listBaselines(dir)).toHaveLength(4);
  });

  it('leaves what it does not know', async () => {
    const dir = scratch();
    const [{ stored }] = (await save(dir, [day(0)])) as [Saved];
    writeFileSync(join(stored.folder, 'note.txt'), '');
    await save(dir, [day(1), day(2)], { keep: 1 });
    expect(readdirSync(stored.folder)).toEqual(['note.txt']);
  });

  it.each(['../../outside', '..', '.git', 'ünïcode/ß', '-x', '///'])(
    'has a folder of its own for the branch %s',
    async (branch) => {
      const dir = join(scratch(), 'baselines');
      const [{ stored }] = (await save(dir, [day(0)], { branch })) as [Saved];
      expect(stored.folder.startsWith(join(dir, '/'))).toBe(true);
      expect((await listBaselines(dir)).map((one) => one.branch)).toEqual([branch]);
    },
  );

  it('is empty when it is not there, and skips what is being written', async () => {
    const dir = scratch();
    expect(await listBaselines(join(dir, 'none'))).toEqual([]);
    const [{ stored }] = (await save(dir, [day(0)])) as [Saved];
    mkdirSync(`${stored.folder}.part-1`);
    expect(await listBaselines(dir)).toHaveLength(1);
  });

  it('names every file that is no baseline', async () => {
    const dir = scratch();
    const saved = await save(dir, [day(0), day(1), day(2)]);
    writeFileSync(join(saved[0]!.stored.folder, 'baseline.json'), '{"schema"');
    const whole = readFileSync(join(saved[1]!.stored.folder, 'baseline.json'), 'utf8');
    writeFileSync(join(saved[1]!.stored.folder, 'baseline.json'), whole.replace('baseline@1', 'baseline@9'));
    const error = await listBaselines(dir).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).problems.map(({ what }) => what)).toEqual([
      'is not JSON',
      'is a baseline of another version, "paceline/baseline@9"; this version of Paceline reads version 1',
    ]);
  });

  it('rejects when it cannot be written', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    await expect(save(join(file, 'baselines'), [day(0)])).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
