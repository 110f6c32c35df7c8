/** @module The map of the house: every folder has a rank and imports only from lower ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const RANKS: Readonly<Record<string, number>> = {
  units: 0,
  protocol: 1,
  result: 2,
  process: 1,
  profile: 1,
  schedule: 2,
  driver: 2,
  recording: 2,
  agent: 3,
  fleet: 3,
  balancer: 3,
  'config-lint': 2,
  engine: 4,
  calibration: 5,
  summary: 5,
  verdict: 6,
  report: 6,
  experiment: 7,
  cli: 8,
};

/** Code that runs in the processes being measured: it may know the domain's words, never the engine. */
const MEASURED = ['fleet/servers', 'balancer/proxy'];

const SOURCE = resolve(import.meta.dirname, '../src');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) =>
    relative(SOURCE, resolve(SOURCE, dirname(file), match[1]!)),
  );
}

const folderOf = (path: string): string => path.split('/')[0]!;

describe('the layers of the source', () => {
  it('gives every folder a rank, and names no folder that is gone', () => {
    expect([...new Set(files.map(folderOf))].sort()).toEqual(Object.keys(RANKS).sort());
  });

  it.each(files)('%s imports only from lower ranks', (file) => {
    const own = folderOf(file);
    const wrong = importsOf(file).filter(
      (path) => folderOf(path) !== own && RANKS[folderOf(path)]! >= RANKS[own]!,
    );
    expect(wrong).toEqual([]);
  });

  it.each(files.filter((file) => MEASURED.some((root) => file.startsWith(root))))(
    '%s runs in a measured process and knows nothing of the generator',
    (file) => {
      const allowed = new Set(['units', 'protocol', 'process', 'profile', 'fleet', 'balancer']);
      expect(importsOf(file).filter((path) => !allowed.has(folderOf(path)))).toEqual([]);
    },
  );
});
