/** @module Source `command`: a program that prints a token. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../../units/user-error.ts';
import { givenToken } from '../given-token.ts';
import { type OpenSource, type SourceContext, type SourceOf, supplied } from './source.ts';

const PRINTS_WITHIN_MS = 10_000;

export function commandSource({ command, cwd }: SourceOf<'command'>, { where }: SourceContext): OpenSource {
  const [program = '', ...args] = command;
  return {
    perAgent: false,
    renews: true,
    async supply(signal) {
      try {
        const { stdout } = await promisify(execFile)(program, args, {
          cwd,
          timeout: PRINTS_WITHIN_MS,
          killSignal: 'SIGKILL',
          ...(signal && { signal }),
        });
        return supplied(givenToken(stdout, where, `the output of ${program}`));
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof UserError) throw error;
        throw new UserError({ where, what: whatOf(program, error as Failure), todo: TODO }, { cause: error });
      }
    },
  };
}

type Failure = Omit<NodeJS.ErrnoException, 'code'> & {
  readonly code?: string | number | null;
  readonly killed?: boolean;
};

/** Its output is not quoted: it may be a secret. */
const TODO = 'run it by hand: it should print a token on stdout, and end with 0';

function whatOf(program: string, { code, killed }: Failure): string {
  if (code === 'ENOENT') return `there is no program ${program}`;
  if (killed === true) return `${program} has not printed a token within ${PRINTS_WITHIN_MS / 1000} s`;
  return `${program} has failed (${typeof code === 'number' ? `exit code ${code}` : String(code)})`;
}
