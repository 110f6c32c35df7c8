/** @module Runs an installed balancer program with its own configuration, folder and port, below a guard process. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from '../../process/cleanup.ts';
import { type Command, startCommand } from '../../process/command.ts';
import { onFreePort } from '../../process/free-port.ts';
import { keptFile } from '../../process/kept-file.ts';
import type { Micros } from '../../units/time.ts';
import type { BalancerStats } from '../stats.ts';
import type { Balancer } from './engine.ts';
import { installedProgram } from './installed.ts';

/** The folder, port and configuration of a running program. */
export interface Site {
  /** A new folder that contains the configuration. It is removed when the program ends. */
  readonly folder: string;
  /** The port to listen on, on 127.0.0.1. */
  readonly port: number;
  /** The configuration, in `folder`. */
  readonly file: string;
  /** The path of a copy of the configuration, if one is kept. */
  readonly copy: string | undefined;
}

/** The changes that a running balancer supports. */
export type Changes = Pick<Balancer, 'addUpstream' | 'drain'>;

/** How to configure, start, check and change a program. */
export interface Program {
  /** The name of the binary and of its Debian package. */
  readonly name: string;
  /** The text of its configuration. */
  readonly configure: (site: Site) => string;
  /** Arguments. The program must stay in the foreground. */
  readonly args: (site: Site) => readonly string[];
  /** Whether it is ready, checked over a socket in its folder, so that no other process can answer. */
  readonly answers: (site: Site, signal: AbortSignal) => Promise<boolean>;
  readonly stats: (site: Site) => Promise<BalancerStats | undefined>;
  /** How to change it while it runs as process `pid`. */
  readonly changes: (site: Site, pid: number) => Changes;
}

const READY_WITHIN: Micros = 15_000_000;

/** Writes the configuration of a program, and its copy. */
export async function writeConfiguration({ file, copy }: Site, text: string): Promise<void> {
  await writeFile(file, text);
  if (copy !== undefined) await writeFile(copy, text);
}

/** The options of a start. */
export interface Launch {
  /** The path of the upstreams. */
  readonly path: string;
  /** Whether clients reach it over TLS. */
  readonly isSecure?: boolean;
  /** An existing folder in which to keep its configuration and output. Without it, neither is kept. */
  readonly keep?: string | undefined;
}

/** Starts `program`. Resolves when it is ready. Throws a {@link UserError} with its output when it does not start. */
export async function startProgram(
  program: Program,
  { path, isSecure = false, keep }: Launch,
  signal?: AbortSignal,
): Promise<Balancer> {
  const binary = installedProgram(program.name);
  return onFreePort(async (port) => {
    const folder = await mkdtemp(join(tmpdir(), `paceline-${program.name}-`));
    const name = `${program.name}.conf`;
    const site: Site = { folder, port, file: join(folder, name), copy: keptFile(keep, name) };
    const outputFile = keptFile(keep, `${program.name}.log`);
    const command = await launch(program, binary, site, outputFile, signal);
    return {
      url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}${path}`,
      pid: command.pid,
      exited: command.exited,
      stats: () => program.stats(site),
      ...program.changes(site, command.pid),
      stop: () => command.stop(),
    };
  });
}

async function launch(
  program: Program,
  binary: string,
  site: Site,
  outputFile: string | undefined,
  signal?: AbortSignal,
): Promise<Command> {
  try {
    await writeConfiguration(site, program.configure(site));
    return await startCommand(
      {
        name: program.name,
        command: [binary, ...program.args(site)],
        cwd: site.folder,
        scratch: site.folder,
        answers: (over) => program.answers(site, over),
        readyWithinUs: READY_WITHIN,
        outputFile,
      },
      signal,
    );
  } catch (error) {
    removeFolder(site.folder);
    throw error;
  }
}
