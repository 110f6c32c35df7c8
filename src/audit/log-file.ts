/** @module The file of an audit log, as it is before a load. */
import { open } from 'node:fs/promises';
import { describeSystemError } from '../process/system-error.ts';
import { UserError } from '../units/user-error.ts';

/** A log, and where the records of a load begin in it. */
export interface AuditLogFile {
  readonly path: string;
  /** A byte; what was written before it is of earlier calls. 0 when absent. */
  readonly from?: number;
}

/** The log at `path`, from its present end on. `where`: the setting or argument that names it. Rejects with a `UserError` when it cannot be read. */
export async function auditLogFile(path: string, where: string): Promise<AuditLogFile & { from: number }> {
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw notReadable(where, path, 'it is not a file');
      return { path, from: stat.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw notReadable(where, path, describeSystemError(error), error);
  }
}

function notReadable(where: string, path: string, why: string, cause?: unknown): UserError {
  const what = `the audit log ${path} cannot be read: ${why}`;
  return new UserError({ where, what, expected: 'a readable file of JSON lines' }, { cause });
}
