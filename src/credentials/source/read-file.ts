/** @module Files that hold credentials. */
import { readFile } from 'node:fs/promises';
import { describeSystemError } from '../../process/system-error.ts';
import { UserError } from '../../units/user-error.ts';

/** The text of the file at `path`. Rejects with a `UserError` when it cannot be read. */
export async function fileText(path: string, where: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const what = `${path} cannot be read: ${describeSystemError(error)}`;
    throw new UserError({ where, what, todo: 'correct the path, which is relative to the profile' });
  }
}
