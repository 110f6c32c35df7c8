/** @module Finds an installed program the way a shell does, and in the folders of servers as well. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian and others keep servers; not every PATH includes them. */
export const SERVER_FOLDERS: readonly string[] = ['/usr/sbin', '/usr/local/sbin'];

/**
 * The file of program `name`: in a folder of `path`, else in {@link SERVER_FOLDERS}; a name with a slash is a file
 * itself. `undefined` when no such file is executable.
 */
export function findProgram(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  if (name.includes('/')) return [name].find(isExecutable);
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
