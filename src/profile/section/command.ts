/** @module `fleet.server` as a mapping: the user's own server, started by a command. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Micros, parseDuration } from '../../units/time.ts';
import { commandProblems } from '../template/command-text.ts';
import { unreadTemplate } from '../template/unread.ts';
import { duration, mapping, text, violationAt, withRule } from './values.ts';

/** The command that starts a server that is not part of Paceline. */
export interface CommandServer {
  /** Program and arguments, or one line for `/bin/sh`; `{{port}}` is replaced by the port. */
  readonly command: readonly [string, ...string[]] | string;
  /** Variables added to the environment of Paceline, in addition to `PORT`. */
  readonly env: Readonly<Record<string, string>>;
  /** Its working directory: an absolute path. */
  readonly cwd: string;
  /** The time limit for its first MCP answer. */
  readonly readyWithinUs: Micros;
  /** Path of its MCP endpoint: `/mcp`. */
  readonly path: string;
}

const HOUR = 3600e6;
const COMMAND = 'a command line, or a list of program and arguments';
const PATH = 'a path such as /mcp';

const CommandMapping = mapping({
  command: z
    .union([text(COMMAND), z.array(text(COMMAND)).min(1, { error: COMMAND })], { error: COMMAND })
    .meta({ patternErrorMessage: COMMAND })
    .describe(
      'Starts one instance: a line for the shell, or a list of program and arguments. `{{port}}` is replaced by the port that it must listen on, which the variable `PORT` holds as well; `\\{{` stands for literal braces.',
    ),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'a name of letters, digits and _' }),
      z.string({ error: 'text; quote it' }),
      { error: 'a mapping of names to text' },
    )
    .default({})
    .describe(
      'Environment variables of the command, added to those of Paceline. Results do not record their values.',
    ),
  cwd: text('a folder')
    .default('.')
    .describe('Folder in which the command runs, relative to the folder of the profile.'),
  ready: duration(1, HOUR).default('30s').describe('How long an instance may take until it answers MCP.'),
  path: z
    .string({ error: PATH })
    .regex(/^\/[\x21-\x7e]*$/, { error: PATH })
    .meta({ patternErrorMessage: PATH })
    .default('/mcp')
    .describe('Path of the MCP endpoint.'),
});

export const Command = withRule(CommandMapping, (server) => [
  ...commandProblems(server),
  ...violationAt(['path'], unreadTemplate(server['path'])),
]);

/** The settings of a command; its working directory is relative to `folder`. */
export function completeCommand(
  { command, env, cwd, ready, path }: z.output<typeof CommandMapping>,
  folder: string,
): CommandServer {
  return {
    // The schema rejects an empty list.
    command: command as CommandServer['command'],
    env,
    cwd: resolve(folder, cwd),
    readyWithinUs: parseDuration(ready)!,
    path,
  };
}
