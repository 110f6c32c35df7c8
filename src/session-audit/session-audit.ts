/** @module The hidden-session audit: surveys a target, finds a flow for each tool, makes the checks, and keeps what proves their findings. */
import type { DriverOptions } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { secretsNamedBy } from '../profile/named-secrets.ts';
import { withoutSecretParameters } from '../profile/secrets.ts';
import type { Era } from '../profile/settings.ts';
import { mirroredFields } from '../protocol/tool-list.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { VERSION } from '../units/version.ts';
import { Budget, type BudgetLimits } from './budget.ts';
import type { Check } from './check.ts';
import { CHECKS } from './checks/checks.ts';
import { type AuditIdentity, Client, type ClientOptions } from './client.ts';
import { checksMadeOf, SESSION_AUDIT_SCHEMA, type SessionAudit } from './document.ts';
import { AuditEnded, type EndReason } from './ended.ts';
import { type Safe, safeWithout, shown, shownDifference } from './evidence.ts';
import { type AuditRequest, type Exchange, unanswered } from './exchange.ts';
import { type Flows, findFlows } from './flow.ts';
import { isLost } from './own-session.ts';
import { placesOf } from './places.ts';
import { type Checked, runChecks } from './run-checks.ts';
import { type AuditSurvey, type AuditTool, surveyOf } from './survey.ts';

export interface SessionAuditOptions {
  /** The profile and its variant that are audited; absent: an endpoint given by its URL. */
  readonly profile?: SessionAudit['profile'];
  /** The endpoint, behind which any instance may answer. */
  readonly url: string;
  /**
   * Requests by which the endpoint and its instances were found.
   * @default 0
   */
  readonly askedBefore?: number;
  /** Instances with an address of their own; fewer than two: instances cannot be addressed. */
  readonly instances: readonly { readonly name: string; readonly url: string }[];
  readonly era: Era;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Variables whose values are not shown when their names look like a secret; a server that was started here has them too. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Empty: one, without headers of its own. */
  readonly identities: readonly AuditIdentity[];
  /** Tools that may be called although they do not say that they only read. */
  readonly allow: readonly string[];
  readonly tls: DriverOptions['tls'];
  /** URL of a forward proxy. */
  readonly proxy?: string;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
  readonly checkIds: boolean;
  /** For one answer. */
  readonly timeoutUs: Micros;
  /** For the whole audit. */
  readonly limits: BudgetLimits;
  readonly seed: number;
  /** Ends the audit; what was found so far is kept. */
  readonly signal?: AbortSignal;
  /** Is told which check begins. */
  readonly onCheck?: (check: Check) => void;
  /**
   * @default all
   */
  readonly checks?: readonly Check[];
}

/** One identity, without headers of its own. */
const ANYONE: AuditIdentity = { name: 'anyone', headers: {} };

/** Audits the server behind `options.url`, which was found to speak MCP. Failures of it are part of the result. */
export async function sessionAudit(options: SessionAuditOptions): Promise<SessionAudit> {
  const budget = new Budget(options.limits, options.signal);
  try {
    return await new Audit(options, budget, await clientOptions(options, budget)).run();
  } finally {
    budget.release();
  }
}

async function clientOptions(options: SessionAuditOptions, budget: Budget): Promise<ClientOptions> {
  const { era, headers, tls, proxy, instanceHeader, checkIds, timeoutUs } = options;
  const driver = {
    timeoutUs,
    checkIds,
    clock: systemClock,
    instanceHeader,
    tls,
    ...(proxy !== undefined && { proxy }),
  };
  return { create: await loadDriver('undici'), driver, era, headers, budget, mirrored: () => [] };
}

class Audit {
  readonly #options: SessionAuditOptions;
  readonly #budget: Budget;
  readonly #identities: readonly AuditIdentity[];
  #safe: Safe;
  #clients: ClientOptions;
  #survey: AuditSurvey;
  #flows: Flows = { flows: [], notCalled: new Map(), tried: [] };
  #ended: EndReason | undefined;
  #sessionsLost = 0;
  readonly #createdAt = systemClock.date().toISOString();

  constructor(options: SessionAuditOptions, budget: Budget, clients: ClientOptions) {
    this.#options = options;
    this.#budget = budget;
    this.#clients = clients;
    this.#identities = options.identities.length === 0 ? [ANYONE] : options.identities;
    this.#safe = this.#safeFor([]);
    this.#survey = {
      era: options.era,
      pinned: options.instances.length > 1,
      instances: options.instances.map(({ name }) => name),
      identities: this.#identities.map(({ name }) => name),
      tools: [],
      prompts: [],
      resources: [],
      notListed: [],
      capabilities: {},
      server: undefined,
      exchanges: [],
    };
  }

  async run(): Promise<SessionAudit> {
    const { seed, url, instances, checks = CHECKS, onCheck } = this.#options;
    const places = placesOf(url, instances, seed);
    try {
      await this.#prepare(places.orders[0]!.home);
    } catch (error) {
      this.#end(error);
    }
    const checked = await runChecks(checks, {
      survey: this.#survey,
      flows: this.#flows.flows,
      tried: this.#flows.tried,
      places,
      seed,
      createClient: (identity) => new Client(this.#clients, this.#identities[identity]!),
      ended: this.#ended,
      onCheck,
    });
    return this.#document(checked);
  }

  /** Surveys the target, and tries its tools, at `home`. */
  async #prepare(home: Parameters<typeof surveyOf>[1]): Promise<void> {
    const { era, allow, seed } = this.#options;
    const client = this.#firstClient();
    try {
      const offered = await surveyOf(client, home, era, new Set(allow));
      this.#survey = { ...this.#survey, ...offered };
      this.#safe = this.#safeFor(offered.tools);
      this.#clients = { ...this.#clients, mirrored: mirroredBy(offered.tools) };
    } finally {
      await client.close();
    }
    const trying = this.#firstClient();
    try {
      this.#flows = await findFlows(this.#survey.tools, trying, home, seed);
    } finally {
      await trying.close();
    }
  }

  /** Without the credentials that are sent, and the secrets that the schemas of `tools` name. */
  #safeFor(tools: readonly AuditTool[]): Safe {
    const { environment = {}, headers } = this.#options;
    const known = [environment, headers, ...this.#identities.map((identity) => identity.headers)];
    const named = tools.flatMap(({ inputSchema }) => [...secretsNamedBy(inputSchema)]);
    return safeWithout(known, new Set(named));
  }

  /** A client of the first identity, before the checks. */
  #firstClient(): Client {
    const client = new Client(this.#clients, this.#identities[0]!);
    client.onExchange = (exchange) => {
      if (isLost(exchange)) this.#sessionsLost += 1;
    };
    return client;
  }

  #end(error: unknown): void {
    if (!(error instanceof AuditEnded)) throw error;
    this.#ended = error.reason;
  }

  #document({ results, ended }: Checked): SessionAudit {
    const { profile, url, era, instances, seed, askedBefore = 0 } = this.#options;
    const { pinned, identities, server, tools, notListed } = this.#survey;
    const safe = this.#safe;
    const seen = results.flatMap(({ servedBy }) => servedBy);
    const silent = this.#unanswered(results);
    const checks = results.map((result) => checkEntry(result, safe));
    const named = [...new Set(seen)].toSorted().map((name) => ({ name: safe(name), url: null }));
    return {
      schema: SESSION_AUDIT_SCHEMA,
      paceline: VERSION,
      createdAt: this.#createdAt,
      seed,
      ...(profile !== undefined && { profile }),
      target: {
        url: withoutSecretParameters(url),
        era,
        server: server === undefined ? null : { name: safe(server.name), version: safe(server.version) },
        instances: pinned
          ? instances.map((one) => ({ name: one.name, url: withoutSecretParameters(one.url) }))
          : named,
        pinned,
        identities: [...identities],
      },
      complete: ended === undefined && silent.length === 0 && notListed.length === 0,
      ended: ended ?? null,
      requests: askedBefore + this.#budget.made,
      unanswered: silent,
      notListed: [...notListed],
      sessionsLost: this.#sessionsLost,
      tools: tools.map((tool) => this.#toolEntry(tool)),
      checksMade: checksMadeOf(checks),
      checks,
      findings: results.flatMap(({ check, findings }) =>
        findings.map(({ subject, seen: what, evidence: [one, other], severity, differing }) => ({
          check: check.name,
          severity: severity ?? check.severity,
          subject: safe(subject),
          title: check.title,
          seen: safe(what),
          fix: check.fix,
          evidence: [shown(one, safe), shown(other, safe)] as [
            ReturnType<typeof shown>,
            ReturnType<typeof shown>,
          ],
          ...(differing !== undefined && { differs: shownDifference(differing, safe) }),
        })),
      ),
    };
  }

  /** Places that did not answer. A tool that takes too long says nothing about its instance. */
  #unanswered(results: Checked['results']): string[] {
    const tried = this.#flows.tried.filter(({ answer }) => answer.outcome !== 'timeout');
    const before = [...this.#survey.exchanges, ...tried].filter(unanswered).map(nameOfPlace);
    return [...new Set([...before, ...results.flatMap((result) => result.unanswered)])].map(this.#safe);
  }

  #toolEntry({ name, notCalled }: AuditTool): SessionAudit['tools'][number] {
    const flow = this.#flows.flows.find(({ tool }) => tool === name);
    return {
      name: this.#safe(name),
      notCalled: flow === undefined ? (this.#flows.notCalled.get(name) ?? notCalled ?? 'ended') : null,
      steps: (flow?.steps ?? []).map(({ tool }) => tool),
    };
  }
}

function checkEntry(
  { check, findings, why, subjects, unanswered: silent }: Checked['results'][number],
  safe: Safe,
): SessionAudit['checks'][number] {
  const { name, title, severity, fix, nothingToAsk } = check;
  const nothing = [why, ...subjects.map((one) => one.why)].includes('nothing-to-ask');
  return {
    name,
    title,
    severity,
    fix,
    status: why !== undefined ? 'not-run' : findings.length > 0 ? 'found' : 'clean',
    why: why ?? null,
    ...(nothing && nothingToAsk !== undefined && { nothingToAsk }),
    unanswered: silent.map(safe),
    subjects: subjects.map((one) => ({ ...one, subject: safe(one.subject) })),
  };
}

const nameOfPlace = ({ servedBy, sentTo }: Exchange): string => servedBy ?? sentTo.name;

/** The header fields that repeat parameters of calls, as the tools ask for them. */
function mirroredBy(tools: readonly AuditTool[]): ClientOptions['mirrored'] {
  const byName = new Map(tools.map(({ name, listed }) => [name, listed.mirrored ?? []]));
  return ({ method, name = '', params }: AuditRequest) =>
    method === 'tools/call' ? mirroredFields(byName.get(name) ?? [], params?.['arguments']) : [];
}
