/** @module The folder below which all tests make theirs: made before the first test, removed after the last. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'paceline-test-'));

/** Tells the processes that run tests, which inherit the environment. */
export function setup(): void {
  process.env['PACELINE_TEST_FOLDER'] = folder;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
