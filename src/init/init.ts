/** @module Makes a profile for a server that runs: asks what it offers, tries each call once, and writes what was answered. */
import type { DriverOptions } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { secretsNamedBy } from '../profile/named-secrets.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era } from '../profile/settings.ts';
import { Budget } from '../session-audit/budget.ts';
import { Client } from '../session-audit/client.ts';
import { safeWithout } from '../session-audit/evidence.ts';
import type { Place } from '../session-audit/exchange.ts';
import { type AuditSurvey, surveyOf } from '../session-audit/survey.ts';
import { type LearnedValue, valuesIn } from '../synthesis/learned.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { candidatesOf } from './candidates.ts';
import { withFlows } from './flows.ts';
import type { InitHeader } from './headers.ts';
import { endedText, profileText } from './profile-text.ts';
import { firstRate } from './rate.ts';
import { withoutNamedSecrets } from './secret-arguments.ts';
import { templateReads, templatesOf } from './templates.ts';
import { type Tried, tryEach } from './trial.ts';

export interface InitOptions {
  /** Where a server was found that speaks MCP. */
  readonly url: string;
  readonly era: Era;
  readonly headers: readonly InitHeader[];
  readonly tls: DriverOptions['tls'];
  /** Tools that may be called although they do not say that they only read. */
  readonly allow: readonly string[];
  /** For one answer. */
  readonly timeoutUs: Micros;
  readonly signal: AbortSignal;
  /** Is told of each call as it ends, and at last how many were not tried, in words. */
  readonly onTried: (line: string) => void;
}

/** For everything that is asked, and how many requests that may be. */
const LIMITS = { timeUs: 120e6, requests: 300 };
const SEED = 1;

/** Arguments in a line of progress are cut to this many characters. */
const SHOWN = 120;

/**
 * The YAML of a profile. Throws a `UserError` when `allow` names a tool that is not there, the server offers nothing, or no call is
 * answered; and `AuditEnded` when the user interrupts, or nothing could be listed in time.
 */
export async function initProfile(options: InitOptions): Promise<string> {
  const { url, era, tls, timeoutUs, allow, signal } = options;
  const budget = new Budget(LIMITS, signal);
  const headers = Object.fromEntries(options.headers.map(({ name, sent }) => [name, sent]));
  const place: Place = { kind: 'connection', name: 'init', url };
  const driver = { timeoutUs, checkIds: true, clock: systemClock, instanceHeader: 'x-served-by', tls };
  const create = await loadDriver('undici');
  const client = new Client(
    { create, driver, era, headers, budget, mirrored: () => [] },
    { name: 'init', headers: {} },
  );
  try {
    const survey = await surveyOf(client, place, era, new Set(allow));
    checkAllowed(allow, survey);
    const asked = { client, place };
    const templates = await templatesOf(survey, asked);
    const candidates = await candidatesOf(survey, templates.length, SEED);
    if (candidates.length === 0) throw nothing(url, 'lists no tool, no resource and no prompt');
    const named = new Map(survey.tools.map(({ name, inputSchema }) => [name, secretsNamedBy(inputSchema)]));
    const secrets = [...named.values()].flatMap((each) => [...each]);
    const withoutCredentials = safeWithout([headers], new Set(secrets));
    const safe = (text: string): string => onOneLine(withoutCredentials(text));
    const onTried = (tried: Tried): void => {
      if (tried.ended.kind === 'not-tried') return;
      options.onTried(safe(triedLine(withoutNamedSecrets(tried, named).tried)));
    };
    const trial = { ...asked, clock: systemClock, safe, onTried };
    const calls = await withFlows(await tryEach(candidates, trial), survey.tools, SEED, trial);
    const reads = await templateReads(templates, survey, learnedFrom(calls), asked);
    const tried = [...calls, ...(await tryEach(reads, trial))];
    if (!tried.some(({ ended }) => ended.kind === 'ok')) throw nothing(url, 'answered none of the calls');
    const written = tried.map((one) => withoutNamedSecrets(one, named));
    const hidden = written.filter(({ isReplaced }) => isReplaced);
    for (const one of hidden) options.onTried(placeholderLine(safe(one.tried.candidate.name)));
    const left = tried.filter(({ ended }) => ended.kind === 'not-tried').length;
    if (left > 0) options.onTried(`${left} not tried; the profile says why`);
    const shown = withoutSecretParameters(url);
    return profileText({
      url: shown,
      urlIsCut: shown !== url,
      era,
      title: titleOf(survey) ?? `MCP server at ${new URL(url).host}`,
      headers: options.headers,
      tried: written.map((one) => one.tried),
      hasPlaceholders: hidden.length > 0,
      rate: firstRate(tried),
      safe,
    });
  } finally {
    await client.close();
    budget.release();
  }
}

const placeholderLine = (tool: string): string =>
  `the profile has no secret of the schema of ${tool}: put values in place of <NAME> in its arguments before a run`;

/** What the calls of tools have given. */
const learnedFrom = (tried: readonly Tried[]): readonly LearnedValue[] =>
  tried.flatMap(({ candidate: { key, name }, result }) => (key === 'tool' ? valuesIn(name, result) : []));

/** A line break in what a server says would end the comment that it stands in. */
const onOneLine = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').trim();

/** Name and version of the server, if it says them. */
const titleOf = ({ server }: Pick<AuditSurvey, 'server'>): string | undefined =>
  server && `${server.name} ${server.version}`.trim();

function triedLine({ candidate: { key, name, arguments: given, flow }, ended }: Tried): string {
  if (flow !== undefined) return `flow ${flow.map(({ tool }) => tool).join(', ')}: ${endedText(ended)}`;
  const args = given === undefined ? '' : ` ${JSON.stringify(given).slice(0, SHOWN)}`;
  return `${key} ${name}${args}: ${endedText(ended)}`;
}

function checkAllowed(allow: readonly string[], { tools }: Pick<AuditSurvey, 'tools'>): void {
  const unknown = allow.filter((name) => tools.every((tool) => tool.name !== name));
  if (unknown.length === 0) return;
  throw new UserError(
    unknown.map((name) => ({ where: '--allow', what: `the server lists no tool "${name}"` })),
  );
}

const nothing = (url: string, what: string): UserError =>
  new UserError({
    where: withoutSecretParameters(url),
    what: `the server ${what}, so there is nothing to load`,
    todo: 'check the URL, and whether a token is needed: --header',
  });
