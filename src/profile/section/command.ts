/** @module `fleet.server` as a mapping: the user's own server, by its command. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Micros, parseDuration } from '../../units/time.ts';
import { commandProblems } from '../template/command-text.ts';
import { duration, mapping, text, withRule } from './values.ts';

/** A server that is not part of Paceline, as a command. */
export interface CommandServer {
  /** Program and arguments, or one line for `/bin/sh`; `{{port}}` stands for the port. */
  readonly command: readonly [string, ...string[]] | string;
  /** Added to the environment of Paceline, with `PORT`. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs: an absolute path. */
  readonly cwd: string;
  /** How long it may take until it answers MCP. */
  readonly readyWithinUs: Micros;
  /** Of its MCP endpoint: `/mcp`. */
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
      'Starts one instance: a line for the shell, or a list of program and arguments. `{{port}}` stands for the port that it must listen on, `\\{{` for the braces themselves; the variable `PORT` has it, too.',
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

export const Command = withRule(CommandMapping, commandProblems);

/** The settings of a command; its folder is relative to `folder`. */
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
