/** @module One instance of the user's server: a command on a free port, ready when that port answers MCP. */

import { type CommandOptions, startCommand } from '../../process/command.ts';
import { quoteOutput } from '../../process/exit.ts';
import { freePort, onFreePort } from '../../process/free-port.ts';
import { describeFailure, logOf, StartError } from '../../process/start-error.ts';
import type { CommandServer, Era } from '../../profile/settings.ts';
import { anyAborted } from '../../units/abort.ts';
import { after } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { type Problem, UserError } from '../../units/user-error.ts';
import type { UnansweredInstance } from '../preparation.ts';
import type { Found, ProbeUrl } from '../probe.ts';
import { Refusals } from './refusals.ts';
import type { Running } from './running.ts';

export interface InstanceCommand {
  readonly id: string;
  readonly server: CommandServer;
  readonly era: Era | 'auto';
  readonly probe: ProbeUrl;
  /** Ports that other instances of the fleet were given; its own is added. */
  readonly ports: Set<number>;
  /** A file to which its output is written. */
  readonly outputFile?: string | undefined;
  /** Is told what it answers when that is not MCP soon, and when it does not answer for long. */
  readonly onUnanswered?: ((instance: UnansweredInstance) => void) | undefined;
}

/** After this time, answers that are not MCP are told: nobody should wait long without a word. */
const SOON: Micros = 1e6;
/** After this time, it is told that there is no answer. Many servers take longer than {@link SOON} until they listen. */
const LONG: Micros = 5e6;

/**
 * Starts one instance and resolves when it answers MCP in its era. Rejects with a {@link UserError} that quotes the end of its
 * output and suggests a cause, or with the signal's reason when aborted first; in either case nothing of it is left.
 */
export function startInstanceCommand(instance: InstanceCommand, signal?: AbortSignal): Promise<Running> {
  return onFreePort(
    (port) => launch(instance, port, signal),
    () => unusedPort(instance.ports),
  );
}

/** A port that seems free may belong to another instance that does not listen yet. */
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
  const refusals = new Refusals((seen) =>
    instance.onUnanswered?.({ what: 'instance', instance: instance.id, withinUs: readyWithinUs, ...seen }),
  );
  let found: Found | undefined;
  const answers = async (): Promise<boolean> => {
    try {
      found = await find(instance, url);
      if (instance.era !== 'auto' && found.era !== instance.era)
        otherEra.abort(wrongEra(instance, found.era));
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.add(error);
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
  const cancels = [after(SOON, () => refusals.tellAnswers()), after(LONG, () => refusals.tellSilence())];
  try {
    const { pid, exited, stop } = await startCommand(options, either);
    return { url: found?.url ?? url, name: found?.instance, ...(found && { found }), pid, exited, stop };
  } catch (error) {
    throw error instanceof StartError ? explain(error, instance, url, refusals.last) : error;
  } finally {
    for (const cancel of cancels) cancel();
  }
}

/** A server of the stateless era has to list its tools and no more. One that does not is examined further: it may speak the other era. */
async function find({ era, probe }: InstanceCommand, url: string): Promise<Found> {
  if (era !== 'stateless') return probe(url, era);
  const found = await probe(url, era).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return found?.tools === undefined ? probe(url, 'auto') : found;
}

function wrongEra({ id, era }: InstanceCommand, found: Era): UserError {
  return new UserError({
    where: `instance ${id}`,
    what: `the server speaks the MCP era ${found}, not ${era}`,
    todo: `set fleet.era: ${found}`,
  });
}

/** The error for a server that did not start, with the answer of its port and what to check. */
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
    ? `it must listen on 127.0.0.1 at the port given by {{port}} and the variable PORT, speak ${era === 'auto' ? 'MCP' : `the MCP era ${era} (fleet.era)`} at ${server.path} (fleet.server.path), and be ready within fleet.server.ready`
    : 'it must stay in the foreground and listen on the port given by {{port}} and the variable PORT';
  const log = logOf(failure);
  const output = quoteOutput(log) ?? 'it printed nothing';
  return new UserError(
    {
      where: `instance ${id}`,
      what: `${describeFailure(failure)}${seen}`,
      todo: `${isPortTaken(log) ? OWN_PORT : check}; ${output}`,
    },
    { cause: error },
  );
}

/** The port that it was given was free, or it would have been started again with another one. */
const OWN_PORT =
  'it tried to listen on a port that is taken, and not on the one that it was given: a port written into the command or the server is the same for all instances; pass {{port}} or the variable PORT to it';

/** Whether the output of a server names the error of the system for a port that is taken. */
function isPortTaken(log: string): boolean {
  return /\bEADDRINUSE\b|address already in use/i.test(log);
}
