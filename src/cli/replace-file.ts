/** @module Replaces a file at once: whoever looks finds the old one or the new one. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { cannotWrite } from './folder.ts';

/**
 * Writes `content` to `path`, beside it first. Throws a `UserError` when that is not possible. Synchronous, so that no signal that ends
 * the process comes in between and leaves a part of the file.
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const part = `${path}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, path);
  } catch (cause) {
    discard(part);
    throw cannotWrite(path, cause);
  }
}

function discard(part: string): void {
  try {
    rmSync(part, { force: true });
  } catch {
    // What cannot be removed is not what could not be written.
  }
}
