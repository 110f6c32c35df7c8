/** @module `paceline inspect URL`: checks what a server says about keeping its results. It needs no profile. */
import type { DriverOptions } from '../driver/driver.ts';
import { inspect } from '../inspect/inspect.ts';
import { MEANINGS } from '../inspect/meanings.ts';
import type { Extent, InspectedIdentity } from '../inspect/survey.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era } from '../profile/settings.ts';
import { inspectionLines } from '../report/format/inspection-text.ts';
import { probe } from '../testbed/probe.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { checkedUrl } from './checked-url.ts';
import { EXIT } from './exit.ts';
import { headersOfFlags, identitiesOfFlags, toolOfFlag } from './inspect-flags.ts';
import { tlsOf } from './options.ts';
import { openTerminal } from './terminal.ts';

export interface InspectOptions {
  readonly era: Era | 'auto';
  readonly header: readonly string[];
  readonly identity: readonly string[];
  readonly instanceHeader: string;
  readonly tool?: string;
  readonly insecure: boolean;
  readonly caFile?: string;
  readonly json: boolean;
}

const TIMEOUT: Micros = 10e6;
const LIMITS = { timeUs: 60e6, requests: 1000 };
/** Enough connections to meet several instances, and enough rounds to tell what a difference goes with. */
const EXTENT: Extent = { connections: 3, rounds: 2, moreRounds: 6, perInstance: 2, resources: 3 };

/** Inspects the server at `url`; resolves with `threshold` when a finding is bad. Rejects with a `UserError` when no MCP server answers there. */
export async function inspectCommand(url: string, options: InspectOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: options.json });
  checkedUrl(url);
  const headers = headersOfFlags(options.header);
  const identities = identitiesOfFlags(options.identity);
  const tool = options.tool === undefined ? {} : { tool: toolOfFlag(options.tool) };
  const instanceHeader = options.instanceHeader.toLowerCase();
  const checkIds = true;
  const { tls } = tlsOf(options);
  const driver: Omit<DriverOptions, 'connections'> = {
    url,
    timeoutUs: TIMEOUT,
    checkIds,
    clock: systemClock,
    instanceHeader,
    tls,
  };
  terminal.status(`inspecting ${withoutSecretParameters(url)}`);
  const { era } = options;
  const found = await Promise.all(
    (identities.length === 0 ? [undefined] : identities).map((identity) =>
      probe({
        driver,
        era,
        eraKey: '--era',
        headers: { ...headers, ...identity?.headers },
        session: 'end',
      }).catch(rejectAs(identity)),
    ),
  );
  const inspection = await inspect({
    url: found[0]!.url,
    era: found[0]!.era,
    headers,
    identities,
    tls,
    instanceHeader,
    checkIds,
    timeoutUs: TIMEOUT,
    limits: LIMITS,
    extent: EXTENT,
    ...tool,
  });
  for (const line of inspectionLines(inspection)) terminal.tell(line);
  if (options.json) {
    const findings = inspection.findings.map((finding) => ({ ...finding, ...MEANINGS[finding.kind] }));
    await terminal.print(`${JSON.stringify({ ...inspection, findings }, null, 2)}\n`);
  }
  if (inspection.findings.some(({ severity }) => severity === 'bad')) return EXIT.threshold;
  // What was not answered in time may be wrong as well.
  return inspection.complete ? EXIT.pass : EXIT.inconclusive;
}

/** Says as whom a probe failed. */
function rejectAs(identity: InspectedIdentity | undefined): (error: unknown) => never {
  return (error) => {
    if (identity === undefined || !(error instanceof UserError)) throw error;
    const problems = error.problems.map((problem) => ({
      ...problem,
      where: `${problem.where}, as ${identity.name}`,
    }));
    throw new UserError(problems, { cause: error });
  };
}
