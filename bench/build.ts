/** @module The builds of Paceline that the bench measures: this one and, with `--before FOLDER`, an earlier one. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One compiled bench, with the sources beside it. */
export interface Build {
  readonly kind: 'this' | 'before';
  /** The folder `.bench` of its checkout. */
  readonly folder: string;
}

/** This build alone, or followed by the one before. */
export type Builds = readonly [Build, ...Build[]];

const THIS: Build = { kind: 'this', folder: fileURLToPath(new URL('..', import.meta.url)) };

/** The builds to measure. `before` is a checkout, or its folder `.bench`. @throws Error when there is no compiled bench in it. */
export function buildsWith(before: string | undefined): Builds {
  if (before === undefined) return [THIS];
  const folder = [join(before, '.bench'), before].find((each) => existsSync(join(each, 'bench/client.js')));
  if (folder === undefined)
    throw new Error(`${before} has no compiled bench: run \`npm run bench -- --help\` in that checkout`);
  return [THIS, { kind: 'before', folder: resolve(folder) }];
}

/** The name under which the build before runs what this build runs as `name`. */
export const beforeName = (name: string): string => `${name} (before)`;

export const nameIn = ({ kind }: Build, name: string): string => (kind === 'this' ? name : beforeName(name));

/** A compiled module of `build`: `path` is relative to its folder, such as `src/cache/replay.js`. */
export async function moduleOf<Module>({ folder }: Build, path: string): Promise<Module> {
  return (await import(pathToFileURL(join(folder, path)).href)) as Module;
}
