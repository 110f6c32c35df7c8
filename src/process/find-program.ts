/** @module Finds an installed program as a shell does, and also in the folders for servers. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folders in which Debian and others install servers; not every PATH includes them. */
export const SERVER_FOLDERS: readonly string[] = ['/usr/sbin', '/usr/local/sbin'];

/**
 * The file of program `name`: in a folder of `path`, else in {@link SERVER_FOLDERS}; a name with a slash is already a file
 * path. `undefined` when there is no such executable file.
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
