/** @module The map of the source: every folder has a rank, imports only from lower ranks, and no file imports itself in a circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up; `index.ts` and `vitest.ts` are the public API. Folders of one rank do not import each other. What each is for: docs/architecture.md. */
const RANKS = [
  ['units'],
  ['http', 'protocol', 'process', 'trace'],
  ['profile'],
  ['driver', 'recording', 'guard', 'credentials', 'cache', 'state', 'synthesis'],
  ['generator', 'server', 'balancer', 'authority', 'audit', 'inspect'],
  ['testbed', 'capture'],
  ['result', 'session-audit'],
  ['report', 'init'],
  ['experiment'],
  ['cli', 'bundle', 'index.ts', 'vitest.ts'],
] as const;

/** Code that runs in the processes being measured: it may use the domain's words, never the generator. */
const MEASURED = ['server', 'balancer/proxy'];
const ALLOWED_IN_MEASURED = [
  'units',
  'http',
  'protocol',
  'process',
  'profile',
  'cache',
  'guard',
  'state',
  'server',
  'balancer',
];

/** What a report may know of results: their schema and types, and the rows of their metrics. Nothing that computes a figure. */
const READ_BY_REPORT = [
  'calibration.ts',
  'document.ts',
  'noise/document.ts',
  'note.ts',
  'over-time.ts',
  'settings.ts',
  'measure/auth-figures.ts',
  'measure/cache-figures.ts',
  'measure/connection-figures.ts',
  'measure/flow-figures.ts',
  'measure/resource-figures.ts',
  'measure/slowest-figures.ts',
  'measure/task-figures.ts',
  'measure/distribution.ts',
  'measure/metrics.ts',
  'measure/quantities.ts',
  'measure/quantity.ts',
  'measure/times.ts',
  'regression/document.ts',
  'regression/gate.ts',
  'regression/reasons.ts',
  'trend/document.ts',
].map((file) => `result/${file}`);

type Sources = ReadonlyMap<string, string>;

/** Paths below `src/`, with their text. */
function readSources(): Sources {
  const root = resolve(import.meta.dirname, '../src');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

/** Files that `file` imports, for types or values. */
function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import\(|^import)\s*'(\.[^']+)'/gm)].map((match) =>
    relative('/', resolve('/', dirname(file), match[1]!)),
  );
}

const folderOf = (path: string): string => path.split('/')[0]!;
const rankOf = (path: string): number =>
  RANKS.findIndex((rank) => rank.some((folder) => folder === folderOf(path)));

/** `importer -> imported` for each import that does not lead to a lower rank. */
function upwardImports(sources: Sources): readonly string[] {
  return [...sources].flatMap(([file, text]) =>
    importsOf(file, text)
      .filter((path) => folderOf(path) !== folderOf(file) && rankOf(path) >= rankOf(file))
      .map((path) => `${file} -> ${path}`),
  );
}

/** `a -> b -> a` for the first circle found from each file that is on one. */
function importCycles(sources: Sources): readonly string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const next of importsOf(file, sources.get(file) ?? '')) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return cycles;
}

const isProduction = (file: string): boolean => !/\.(test|case|bench)\.ts$/.test(file);

/** `report/x.ts -> result/y.ts` for each import of what a report must not know. */
function computedInReport(sources: Sources): readonly string[] {
  return [...sources]
    .filter(([file]) => folderOf(file) === 'report' && isProduction(file))
    .flatMap(([file, text]) =>
      importsOf(file, text)
        .filter((path) => folderOf(path) === 'result' && !READ_BY_REPORT.includes(path))
        .map((path) => `${file} -> ${path}`),
    );
}

describe('the layers of the source', () => {
  const sources = readSources();

  it('gives every folder a rank, and names no folder that is gone', () => {
    const folders = new Set([...sources.keys()].map(folderOf));
    expect([...folders].sort()).toEqual([...RANKS.flat()].sort());
  });

  it('has imports only from lower ranks', () => {
    expect(upwardImports(sources)).toEqual([]);
  });

  it('has no import cycle, of types or of values', () => {
    expect(importCycles(sources)).toEqual([]);
  });

  it('has reports that only show what a result says', () => {
    expect(computedInReport(sources)).toEqual([]);
  });

  it('keeps the generator out of what runs in a measured process', () => {
    const measured = [...sources].filter(
      ([file]) => MEASURED.some((root) => file.startsWith(`${root}/`)) && isProduction(file),
    );
    const wrong = measured.flatMap(([file, text]) =>
      importsOf(file, text)
        .filter((path) => !ALLOWED_IN_MEASURED.includes(folderOf(path)))
        .map((path) => `${file} -> ${path}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it('find a planted report that computes', () => {
    const planted = new Map([
      ['report/chart/x.ts', `import { differenceOfValues } from '../../result/comparison/values.ts';`],
      ['report/chart/y.ts', `import type { Summary } from '../../result/document.ts';`],
    ]);
    expect(computedInReport(planted)).toEqual(['report/chart/x.ts -> result/comparison/values.ts']);
  });

  it('find a planted import from a higher rank', () => {
    const planted = new Map([
      ['units/time.ts', `import type { Profile } from '../profile/profile.ts';`],
      ['profile/profile.ts', `import { SECOND } from '../units/time.ts';`],
    ]);
    expect(upwardImports(planted)).toEqual(['units/time.ts -> profile/profile.ts']);
  });

  it('find a planted import between folders of one rank', () => {
    const planted = new Map([['protocol/call.ts', `export { readHead } from '../http/start-line.ts';`]]);
    expect(upwardImports(planted)).toEqual(['protocol/call.ts -> http/start-line.ts']);
  });

  it('find a planted cycle, also one of types only', () => {
    const planted = new Map([
      ['units/a.ts', `import type { B } from './b.ts';`],
      ['units/b.ts', `import type { C } from './c.ts';`],
      ['units/c.ts', `import type { A } from './a.ts';`],
    ]);
    expect(importCycles(planted)).toEqual(['units/a.ts -> units/b.ts -> units/c.ts -> units/a.ts']);
  });
});
