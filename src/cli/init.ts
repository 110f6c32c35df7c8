/** @module `paceline init URL`: prints a profile for a server that runs. */
import { readFile } from 'node:fs/promises';
import { initHeaders } from '../init/headers.ts';
import { initProfile } from '../init/init.ts';
import { type ClientConnection, connectionIn } from '../init/mcp-json.ts';
import { describeSystemError } from '../process/system-error.ts';
import { headerIn } from '../profile/header-flag.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era } from '../profile/settings.ts';
import { AuditEnded } from '../session-audit/ended.ts';
import { probe } from '../testbed/probe.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { checkedUrl } from './checked-url.ts';
import { EXIT } from './exit.ts';
import { listenForInterrupt } from './interrupt.ts';
import { tlsOf } from './options.ts';
import { openTerminal } from './terminal.ts';

export interface InitCommandOptions {
  readonly from?: string;
  readonly server?: string;
  readonly era: Era | 'auto';
  readonly header: readonly string[];
  readonly allow: readonly string[];
  readonly insecure: boolean;
  readonly caFile?: string;
}

const TIMEOUT: Micros = 10e6;

/** Prints a profile for the server at `url`, or of `--from`. Rejects with a `UserError` when no MCP server answers there, or nothing can be called. */
export async function init(url: string | undefined, options: InitCommandOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: true });
  const connection = await connectionOf(url, options);
  const where = options.from ?? '--header';
  const headers = [
    ...initHeaders(connection.headers, where, process.env, connection.name),
    ...initHeaders(headersOfFlags(options.header), '--header', process.env),
  ];
  const { tls } = tlsOf(options);
  const sent = Object.fromEntries(headers.map(({ name, sent: value }) => [name, value]));
  const interrupt = listenForInterrupt(() => terminal.say('interrupted; no profile is printed'));
  const { signal } = interrupt;
  const driver = {
    url: connection.url,
    timeoutUs: TIMEOUT,
    checkIds: true,
    clock: systemClock,
    instanceHeader: 'x-served-by',
    tls,
  };
  try {
    terminal.say(`trying each call of ${withoutSecretParameters(connection.url)} once`);
    const found = await probe({
      driver,
      era: options.era,
      eraKey: '--era',
      headers: sent,
      session: 'end',
      signal,
    });
    const text = await initProfile({
      url: found.url,
      era: found.era,
      headers,
      tls,
      allow: options.allow,
      timeoutUs: TIMEOUT,
      signal,
      onTried: (line) => terminal.say(`  ${line}`),
    });
    for (const { name, variable, scheme } of headers) {
      if (variable === undefined) continue;
      const what = scheme === undefined ? 'the value of' : `what follows "${scheme}" in`;
      terminal.say(
        `the profile has no credential: set ${variable} to ${what} the header ${name} before a run`,
      );
    }
    await terminal.print(text);
    return EXIT.pass;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (!(error instanceof AuditEnded)) throw error;
    const what = 'did not list what it offers in time';
    throw new UserError({ where: withoutSecretParameters(connection.url), what }, { cause: error });
  } finally {
    interrupt.release();
  }
}

/** Where the server is: the URL that was given, or that of a client's configuration. */
async function connectionOf(
  url: string | undefined,
  { from, server }: InitCommandOptions,
): Promise<ClientConnection> {
  if (from === undefined) {
    if (server !== undefined)
      throw new UserError({ where: '--server', what: 'has no effect without --from' });
    return { name: '', url: checkedUrl(url, 'URL', 'give it, or --from mcp.json'), headers: {} };
  }
  if (url !== undefined) {
    throw new UserError({
      where: '--from',
      what: 'names the server, and so does the URL',
      todo: 'give one of them',
    });
  }
  let text: string;
  try {
    text = await readFile(from, 'utf8');
  } catch (error) {
    throw new UserError({ where: from, what: `cannot be read: ${describeSystemError(error)}` });
  }
  const connection = connectionIn(text, from, server);
  return { ...connection, url: checkedUrl(connection.url, `${from}, server "${connection.name}"`) };
}

function headersOfFlags(texts: readonly string[]): Readonly<Record<string, string>> {
  const headers = texts.map((text) => headerIn(text, '--header'));
  const problems = headers.filter((header) => 'where' in header);
  if (problems.length > 0) throw new UserError(problems);
  return Object.fromEntries(
    headers.flatMap((header) => ('where' in header ? [] : [[header.name, header.value]])),
  );
}
