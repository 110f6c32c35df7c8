/** @module Starts the authorization server as a child process. */
import { type Child, startChild } from '../process/child.ts';
import { keptFile } from '../process/kept-file.ts';
import { compiledModule } from '../units/compiled.ts';
import type { Micros } from '../units/time.ts';
import type { AskAuthority, AuthorityInput, AuthorityReady } from './authority.ts';

/** The running authorization server. */
export interface Authority extends Pick<Child<AuthorityReady>, 'pid' | 'ready' | 'exited' | 'stop'> {
  readonly ask: AskAuthority;
}

/** Loading the library and generating an RSA key take a second each on a busy machine. */
const READY_WITHIN: Micros = 30_000_000;

/**
 * Resolves when it listens. Rejects with a `UserError` when it does not start, and with the signal's reason when aborted. `keep`: a
 * folder for its output.
 */
export async function startAuthority(
  input: AuthorityInput,
  keep?: string,
  signal?: AbortSignal,
): Promise<Authority> {
  const child = await startChild<AuthorityReady>(
    {
      name: 'authorization server',
      module: compiledModule(import.meta.url, './main'),
      input,
      readyWithinUs: READY_WITHIN,
      outputFile: keptFile(keep, 'authority.log'),
    },
    signal,
  );
  return { ...child, ask: child.ask as AskAuthority };
}
