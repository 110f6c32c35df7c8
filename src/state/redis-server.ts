/** @module Starts the installed Redis server for one trial: on a Unix socket in a folder of its own, without persistence. */
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from '../process/cleanup.ts';
import { type Command, startCommand } from '../process/command.ts';
import { findProgram, SERVER_FOLDERS } from '../process/find-program.ts';
import { keptFile } from '../process/kept-file.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';

/** A running server. */
export interface RedisServer extends Command {
  /** Path of its socket. */
  readonly socket: string;
}

/** What the program and its Debian package are called. */
const PROGRAM = 'redis-server';
const READY_WITHIN: Micros = 15_000_000;

/** The file of the server. Throws a {@link UserError} that says how to install it. */
export function installedRedis(path?: string): string {
  const file = findProgram(PROGRAM, path);
  if (file !== undefined) return file;
  throw new UserError({
    where: 'fleet.state.store',
    what: `${PROGRAM} is not installed (looked in PATH, ${SERVER_FOLDERS.join(' and ')})`,
    todo: `install it, on Debian and Ubuntu with: sudo apt-get install ${PROGRAM}; or use store lmdb, which needs no program`,
  });
}

/** Starts the server; its folder is removed when it ends. `keep`: an existing folder for its output. Rejects with a {@link UserError} when it does not start. */
export async function startRedis(keep?: string, signal?: AbortSignal): Promise<RedisServer> {
  const file = installedRedis();
  const folder = await mkdtemp(join(tmpdir(), 'paceline-redis-'));
  const socket = join(folder, 'redis.sock');
  try {
    const command = await startCommand(
      {
        name: PROGRAM,
        command: [file, ...argumentsFor(folder, socket)],
        cwd: folder,
        scratch: folder,
        answers: (over) => answersPing(socket, over),
        readyWithinUs: READY_WITHIN,
        outputFile: keptFile(keep, `${PROGRAM}.log`),
      },
      signal,
    );
    return { ...command, socket };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

const argumentsFor = (folder: string, socket: string): readonly string[] => [
  ...['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700'],
  ...['--save', '', '--appendonly', 'no', '--dir', folder, '--daemonize', 'no'],
];

/** Whether the server at `socket` answers. Source: Redis, inline commands. */
function answersPing(socket: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => connection.write('PING\r\n'));
    const settle = (answers: boolean) => (): void => {
      connection.destroy();
      resolve(answers);
    };
    signal.addEventListener('abort', settle(false), { once: true });
    connection.once('data', settle(true)).once('error', settle(false)).once('close', settle(false));
  });
}
