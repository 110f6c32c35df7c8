/** @module The files of the audit logs of a fleet: one for each process that decides, in one folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The file of the process with this name. */
export const auditFileOf = (folder: string, name: string): string => join(folder, `audit-${name}.jsonl`);

/** The files that are in the folder. */
export async function auditFilesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => /^audit-.*\.jsonl$/.test(name));
  return names.map((name) => join(folder, name));
}
