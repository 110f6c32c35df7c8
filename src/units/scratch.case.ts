/** @module Temporary folders for tests. All are below one folder, which `test/temporary.ts` removes after the last test. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** Creates an empty folder. */
export const scratch = (): string => mkdtempSync(join(process.env['PACELINE_TEST_FOLDER']!, 'scratch-'));
