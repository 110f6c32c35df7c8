/** @module Temporary folders of tests: made in one place, and gone when the test file that imports this is through. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

// Every test file has modules of its own, and it is while the file is collected that this one is loaded.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A fresh folder below the system's one for temporary files. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  made.push(folder);
  return folder;
}
