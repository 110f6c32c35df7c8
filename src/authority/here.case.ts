/** @module The authorization server in the process of the tests: loading its library takes a second in each process. */
import type { AskAuthority, AuthorityInput } from './authority.ts';
import { serveAuthority } from './server.ts';
import type { Authority } from './start-authority.ts';

/** As `startAuthority` does, for tests of what it answers. It does not end before it is stopped. */
export async function startHere(input: AuthorityInput): Promise<Authority> {
  const { ready, ask, stop } = await serveAuthority(structuredClone(input));
  return {
    pid: process.pid,
    ready,
    exited: new Promise(() => {}),
    ask: ask as AskAuthority,
    stop: async () => stop?.(),
  };
}
