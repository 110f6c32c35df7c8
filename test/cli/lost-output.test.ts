import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** A device whose every write fails as on a full disk. */
const FULL = '/dev/full';

describe.runIf(existsSync(FULL))('stdout that cannot be written', () => {
  it.each([
    ['findings', ['validate', 'profiles/quickstart.yaml']],
    ['data', ['report', 'results/sticky-vs-round-robin', '--format', 'json']],
  ])('is reported in one line: %s', (_, args) => {
    const stdout = openSync(FULL, 'w');
    try {
      const { status, stderr } = spawnSync(process.execPath, [resolve(ROOT, 'bin/paceline.js'), ...args], {
        cwd: ROOT,
        stdio: ['ignore', stdout, 'pipe'],
        encoding: 'utf8',
      });
      expect(stderr).toBe(
        'paceline: stdout: cannot be written (ENOSPC) (free up space, or send it elsewhere)\n',
      );
      expect(status).toBe(2);
    } finally {
      closeSync(stdout);
    }
  });
});
