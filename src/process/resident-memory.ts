/** @module The memory of another process. */
import { readFileSync } from 'node:fs';

const KIBIBYTE = 1024;

/**
 * The bytes of process `pid` that are in main memory (resident set size); `undefined` when it has ended, and on systems without `/proc`.
 * Source: Linux, Documentation/filesystems/proc.rst, `/proc/<pid>/status`.
 */
export function residentBytes(pid: number): number | undefined {
  try {
    const found = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found === null ? undefined : Number(found[1]) * KIBIBYTE;
  } catch {
    return undefined;
  }
}
