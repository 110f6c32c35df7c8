/** @module The programs that some tests run besides Node. A test that needs one says so by a tag: `{ tags: ['nginx'] }`. */
import { existsSync } from 'node:fs';
import { findProgram } from '../src/process/find-program.ts';
import type { EngineName } from '../src/profile/settings.ts';

/** The tag of a test. */
export type ProgramName = 'nginx' | 'haproxy' | 'redis' | 'chromium' | 'xmllint' | 'java';

/** The official implementation of HdrHistogram, which `java` runs. */
export const HDR_HISTOGRAM = '/usr/share/java/hdrhistogram.jar';

interface Program {
  /** What it may be called, first choice first. */
  readonly names: readonly string[];
  /** The Debian packages that install it. */
  readonly packages: readonly string[];
  /** A file that it needs. */
  readonly file?: string;
}

/** `CHROMIUM` is the path of a browser that lies elsewhere. */
const ALL: Readonly<Record<ProgramName, Program>> = {
  nginx: { names: ['nginx'], packages: ['nginx'] },
  haproxy: { names: ['haproxy'], packages: ['haproxy'] },
  redis: { names: ['redis-server'], packages: ['redis-server'] },
  chromium: {
    names: [process.env['CHROMIUM'] ?? 'chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium'],
  },
  xmllint: { names: ['xmllint'], packages: ['libxml2-utils'] },
  java: {
    names: ['java'],
    packages: ['default-jre-headless', 'libhdrhistogram-java'],
    file: HDR_HISTOGRAM,
  },
};

/** All of them. */
export const PROGRAMS: readonly ProgramName[] = ['nginx', 'haproxy', 'redis', 'chromium', 'xmllint', 'java'];

/** The file of `program`, `undefined` when it, or what it needs, is not installed. */
export function fileOf(program: ProgramName): string | undefined {
  const { names, file } = ALL[program];
  if (file !== undefined && !existsSync(file)) return undefined;
  return names.map((name) => findProgram(name)).find((found) => found !== undefined);
}

/** The tags of a test that runs behind `engine`. */
export const tagsOf = (engine: EngineName): ProgramName[] => PROGRAMS.filter((program) => program === engine);

/** The Debian packages of `programs`. */
export const packagesOf = (programs: readonly ProgramName[]): readonly string[] =>
  programs.flatMap((program) => ALL[program].packages);

/** How to install `programs`. */
export const installation = (programs: readonly ProgramName[]): string =>
  `apt-get install ${packagesOf(programs).join(' ')}`;
