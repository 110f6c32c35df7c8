/** @module The programs that some tests run besides Node. A test that needs one says so by a tag: `{ tags: ['nginx'] }`. */
import { findProgram } from '../src/process/find-program.ts';
import type { EngineName } from '../src/profile/settings.ts';

/** The tag of a test, which is also the Debian package that installs the program. */
export type ProgramName = 'nginx' | 'haproxy' | 'chromium';

/** What each may be called, first choice first. `CHROMIUM` is the path of a browser that lies elsewhere. */
const NAMES: Readonly<Record<ProgramName, readonly string[]>> = {
  nginx: ['nginx'],
  haproxy: ['haproxy'],
  chromium: [process.env['CHROMIUM'] ?? 'chromium', 'chromium-browser', 'google-chrome'],
};

/** All of them. */
export const PROGRAMS: readonly ProgramName[] = ['nginx', 'haproxy', 'chromium'];

/** The file of `program`, `undefined` when it is not installed. */
export function fileOf(program: ProgramName): string | undefined {
  return NAMES[program].map((name) => findProgram(name)).find((file) => file !== undefined);
}

/** The tags of a test that runs behind `engine`. */
export const tagsOf = (engine: EngineName): ProgramName[] => PROGRAMS.filter((program) => program === engine);

/** How to install `programs`. */
export const installation = (programs: readonly ProgramName[]): string =>
  `apt-get install ${programs.join(' ')}`;
