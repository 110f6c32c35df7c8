/** @module One instance of the user's server: a command on a free port, up when that port answers MCP. */

import { type CommandOptions, startCommand } from '../../process/command.ts';
import { quoteOutput } from '../../process/exit.ts';
import { freePort, onFreePort } from '../../process/free-port.ts';
import { describeFailure, logOf, StartError } from '../../process/start-error.ts';
import type { CommandServer, Era } from '../../profile/settings.ts';
import { anyAborted } from '../../units/abort.ts';
import { type Problem, UserError } from '../../units/user-error.ts';
import type { ProbeUrl } from '../probe.ts';
import type { Running } from './running.ts';

export interface InstanceCommand {
  readonly id: string;
  readonly server: CommandServer;
  readonly era: Era;
  readonly probe: ProbeUrl;
  /** Ports that other instances of the fleet were given; its own is added. */
  readonly ports: Set<number>;
  /** A file that gets all it writes. */
  readonly outputFile?: string | undefined;
}

/**
 * Starts one instance and resolves when it answers MCP of its era. Rejects with a {@link UserError} that quotes the end of its
 * output and says what may be wrong, or with the signal's reason when aborted first; then nothing of it is left.
 */
export function startInstanceCommand(instance: InstanceCommand, signal?: AbortSignal): Promise<Running> {
  return onFreePort(
    (port) => launch(instance, port, signal),
    () => unusedPort(instance.ports),
  );
}

/** A free port may be that of another instance which does not listen yet. */
async function unusedPort(ports: Set<number>): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (ports.has(port)) continue;
    ports.add(port);
    return port;
  }
}

async function launch(instance: InstanceCommand, port: number, signal?: AbortSignal): Promise<Running> {
  const { command, env, cwd, readyWithinUs, path } = instance.server;
  const url = `http://127.0.0.1:${port}${path}`;
  const otherEra = new AbortController();
  let refusal: Problem | undefined;
  let name: string | undefined;
  const answers = async (): Promise<boolean> => {
    try {
      const found = await instance.probe(url, instance.era === 'stateless' ? 'auto' : 'sessions');
      if (found.era !== instance.era) otherEra.abort(wrongEra(instance, found.era));
      name = found.instance;
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusal = error.problems[0];
      return false;
    }
  };
  const options: CommandOptions = {
    name: `instance ${instance.id}`,
    command,
    env: { PORT: '{{port}}', ...env },
    cwd,
    port,
    answers,
    readyWithinUs,
    outputFile: instance.outputFile,
  };
  const either = anyAborted(signal, otherEra.signal);
  try {
    const { pid, exited, stop } = await startCommand(options, either);
    return { url, name, pid, exited, stop };
  } catch (error) {
    throw error instanceof StartError ? explain(error, instance, url, refusal) : error;
  }
}

function wrongEra({ id, era }: InstanceCommand, found: Era): UserError {
  return new UserError({
    where: `instance ${id}`,
    what: `the server speaks MCP of the era ${found}, not ${era}`,
    todo: `set fleet.era: ${found}`,
  });
}

/** The error of a server that did not start, with what its port answered and what to check. */
function explain(
  error: StartError,
  { id, era, server }: InstanceCommand,
  url: string,
  refusal: Problem | undefined,
): UserError {
  const { failure } = error;
  const isLate = failure.kind === 'late';
  const seen = isLate && refusal !== undefined ? ` as MCP at ${url}: ${refusal.what}` : '';
  const check = isLate
    ? `it must listen on 127.0.0.1 at the port that {{port}} and the variable PORT give, speak MCP of the era ${era} (fleet.era) at ${server.path} (fleet.server.path), and do so within fleet.server.ready`
    : 'it must stay in the foreground, on the port that {{port}} and the variable PORT give';
  const output = quoteOutput(logOf(failure)) ?? 'it printed nothing';
  return new UserError(
    { where: `instance ${id}`, what: `${describeFailure(failure)}${seen}`, todo: `${check}; ${output}` },
    { cause: error },
  );
}
