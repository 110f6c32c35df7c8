/** @module `paceline audit TARGET|PROFILE`: looks for what depends on the instance that a call reaches. */
import type { DriverOptions } from '../driver/driver.ts';
import { preflight } from '../experiment/preflight.ts';
import { readProfile } from '../experiment/read-profile.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era, Settings } from '../profile/settings.ts';
import { headersOf } from '../profile/template/header-text.ts';
import { renderSessionAudit } from '../report/session-audit/formats.ts';
import type { SessionAuditFormat } from '../report/session-audit/names.ts';
import { type SessionAuditOptions, sessionAudit } from '../session-audit/session-audit.ts';
import { partsOf } from '../testbed/parts.ts';
import { probe } from '../testbed/probe.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { identitiesOf } from './audit-identities.ts';
import { checkedUrl } from './checked-url.ts';
import { EXIT } from './exit.ts';
import { headersOfFlags, identitiesOfFlags } from './inspect-flags.ts';
import { listenForInterrupt } from './interrupt.ts';
import { profileFlags, tlsOf } from './options.ts';
import { preparingOn } from './preparing.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { chooseVariant } from './variants.ts';

export interface SessionAuditCommandOptions {
  readonly instance: readonly string[];
  readonly allow: readonly string[];
  readonly header: readonly string[];
  readonly identity: readonly string[];
  readonly era: Era | 'auto';
  readonly instanceHeader: string;
  readonly variant?: string;
  readonly set: readonly string[];
  readonly seed: number;
  readonly budget: Micros;
  readonly format: SessionAuditFormat;
  readonly json: boolean;
  readonly insecure: boolean;
  readonly caFile?: string;
}

const TIMEOUT: Micros = 10e6;
const MOST_REQUESTS = 5000;

/** What both kinds of target share. */
type Common = Pick<SessionAuditOptions, 'environment' | 'allow' | 'seed' | 'limits' | 'signal' | 'onCheck'>;

/** Audits the endpoint at `url`, and the instances of `--instance`. Rejects with a `UserError` when no MCP server answers there. */
export function auditUrl(url: string, options: SessionAuditCommandOptions): Promise<number> {
  refuseProfileFlags(options);
  refuseSameInstances(options.instance);
  return told(options, async (common, terminal) => {
    const headers = headersOfFlags(options.header);
    const identities = identitiesOfFlags(options.identity);
    const instanceHeader = options.instanceHeader.toLowerCase();
    const { tls } = tlsOf(options);
    let askedBefore = 0;
    const find = (address: string, era: Era | 'auto') => {
      const driver: Omit<DriverOptions, 'connections'> = {
        url: checkedUrl(address),
        timeoutUs: TIMEOUT,
        checkIds: true,
        clock: systemClock,
        instanceHeader,
        tls,
      };
      return probe({
        driver,
        era,
        eraKey: '--era',
        headers: { ...headers, ...identities[0]?.headers },
        session: 'end',
        signal: common.signal,
        onRequest: () => {
          askedBefore += 1;
        },
      });
    };
    terminal.status(`looking for a server at ${withoutSecretParameters(url)}`);
    const found = await find(url, options.era);
    const instances = await Promise.all(options.instance.map((each) => find(each, found.era)));
    return sessionAudit({
      ...common,
      askedBefore,
      url: found.url,
      era: found.era,
      instances: named(instances),
      headers,
      identities,
      tls,
      instanceHeader,
      checkIds: true,
      timeoutUs: TIMEOUT,
    });
  });
}

/** Starts the fleet of the profile, or finds its target, and audits it. */
export async function auditProfile(path: string, options: SessionAuditCommandOptions): Promise<number> {
  if (options.instance.length > 0)
    throw ofTargetOnly('--instance', 'name them in the profile, as target.instances');
  const profile = await readProfile(path, profileFlags({ header: options.header, set: options.set }));
  const variant = chooseVariant(profile, options.variant);
  const { settings } = variant;
  await preflight([variant]);
  const given = identitiesOfFlags(options.identity);
  return told(options, async (common, terminal) => {
    terminal.status(`starting ${path}`);
    const tls = tlsOf(options);
    const prepare = preparingOn(terminal);
    let askedBefore = 0;
    const onProbe = (): void => {
      askedBefore += 1;
    };
    const testbed = await startTestbed(partsOf(settings, options.seed, tls, onProbe), {
      signal: common.signal,
      onPreparing: (preparation) => prepare(preparation, variant.name),
    });
    try {
      const { endpoint, instances, credentials } = testbed;
      const { url, era, headers, proxy, caFile } = endpoint;
      return await sessionAudit({
        ...common,
        askedBefore,
        profile: { file: path, variant: variant.name, variants: profile.variants.length },
        url,
        era,
        // Behind a gateway that checks tokens, instances accept the gateway only.
        instances:
          settings.auth.mode === 'gateway'
            ? []
            : instances.map(({ id, url: own }) => ({ name: id, url: own })),
        headers: headersOf(headers, 0),
        identities: given.length > 0 ? given : identitiesOf(credentials, options.seed),
        tls: caFile === undefined ? tls.tls : { ...tls.tls, caFile },
        ...(proxy !== undefined && { proxy }),
        instanceHeader: settings.endpoint.instanceHeader,
        checkIds: settings.load.checkIds,
        timeoutUs: timeoutOf(settings),
      });
    } finally {
      await testbed.stop();
    }
  });
}

const timeoutOf = ({ load }: Settings): Micros => Math.min(load.timeoutUs, TIMEOUT);

/** Makes the audit, prints it, and gives the exit code. */
async function told(
  options: SessionAuditCommandOptions,
  work: (common: Common, terminal: Terminal) => ReturnType<typeof sessionAudit>,
): Promise<number> {
  const format = options.json ? 'json' : options.format;
  const terminal = openTerminal({ quiet: false, data: true });
  const interrupt = listenForInterrupt(() => terminal.say('interrupted: stopping the audit'));
  const { signal } = interrupt;
  try {
    const common: Common = {
      environment: process.env,
      allow: options.allow,
      seed: options.seed,
      limits: { timeUs: options.budget, requests: MOST_REQUESTS },
      signal,
      onCheck: ({ name }) => terminal.status(`checking ${name}`),
    };
    const audit = await work(common, terminal);
    warnOfUnknownTools(options.allow, audit.tools, terminal);
    await terminal.print(await renderSessionAudit(audit, format));
    if (audit.ended === 'interrupted') return EXIT.interrupted;
    if (audit.findings.length > 0) return EXIT.threshold;
    return audit.complete ? EXIT.pass : EXIT.inconclusive;
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.say('the audit had not begun, so there is nothing to print');
    return EXIT.interrupted;
  } finally {
    interrupt.release();
  }
}

function warnOfUnknownTools(
  allow: readonly string[],
  tools: readonly { readonly name: string }[],
  terminal: Terminal,
): void {
  for (const name of allow)
    if (!tools.some((tool) => tool.name === name))
      terminal.say(`note: --allow ${name}: the server lists no such tool`);
}

/** By the name that each gives itself, when all names differ; else by number. */
function named(found: readonly { readonly url: string; readonly instance: string | undefined }[]) {
  const names = found.map(({ instance }, index) => instance ?? String(index + 1));
  const differ = new Set(names).size === names.length;
  return found.map(({ url }, index) => ({ name: differ ? names[index]! : String(index + 1), url }));
}

function refuseProfileFlags({ variant, set }: SessionAuditCommandOptions): void {
  if (variant !== undefined) throw ofProfileOnly('--variant');
  if (set.length > 0) throw ofProfileOnly('--set');
}

/** One instance under two names would agree with itself. */
function refuseSameInstances(urls: readonly string[]): void {
  const addresses = urls.map((url) => (URL.canParse(url) ? new URL(url).href : url));
  const twice = urls.find((_, index) => addresses.indexOf(addresses[index]!) < index);
  if (twice === undefined) return;
  throw new UserError({
    where: '--instance',
    what: `"${withoutSecretParameters(twice)}" is given twice`,
    expected: 'the address of another instance each time',
  });
}

const ofProfileOnly = (flag: string): UserError =>
  new UserError({
    where: flag,
    what: 'has a meaning with a profile only',
    todo: 'leave it out, or give a profile',
  });

const ofTargetOnly = (flag: string, todo: string): UserError =>
  new UserError({ where: flag, what: 'has a meaning with an endpoint only', todo });
