/** @module Temporary folders for tests, removed when the test file that imports this module ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

// Every test file loads its own instance of this module while the file is collected.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Creates an empty folder in the system's folder for temporary files. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  made.push(folder);
  return folder;
}
