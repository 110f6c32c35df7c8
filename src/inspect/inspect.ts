/** @module Inspects what a server says about keeping its results: asks it several times, and checks the answers. */
import type { DriverOptions } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { withoutSecretParameters, withoutSecretsOf } from '../profile/secrets.ts';
import type { Era } from '../profile/settings.ts';
import { safeDetail } from '../protocol/detail.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { CHECKS } from './checks/checks.ts';
import type { InspectedMethod, Inspection } from './inspection.ts';
import { Limits } from './limits.ts';
import { bySubject, isWhole, nameOf, type Reading, type Seen } from './seen.ts';
import { type Extent, type InspectedIdentity, survey, type ToolCall } from './survey.ts';

export interface InspectOptions {
  readonly url: string;
  readonly era: Era;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Identities whose answers are compared; empty: one, without headers of its own. */
  readonly identities: readonly InspectedIdentity[];
  readonly tls: DriverOptions['tls'];
  /** URL of a forward proxy. */
  readonly proxy?: string;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
  readonly checkIds: boolean;
  /** For one answer. */
  readonly timeoutUs: Micros;
  /** For all of them, and how many requests there may be. */
  readonly limits: { readonly timeUs: Micros; readonly requests: number };
  readonly extent: Extent;
  /** A tool that may be called, although that may have effects. */
  readonly tool?: ToolCall;
}

/** Inspects the server at `options.url`, which was found to speak MCP. A failure of it is part of the result. */
export async function inspect(options: InspectOptions): Promise<Inspection> {
  const { url, era, headers, tls, proxy, instanceHeader, checkIds, timeoutUs, extent, tool } = options;
  const identities = options.identities.length === 0 ? [{ name: 'all', headers: {} }] : options.identities;
  const create = await loadDriver('undici');
  const limits = new Limits(systemClock, options.limits);
  const driver = {
    url,
    timeoutUs,
    checkIds,
    clock: systemClock,
    instanceHeader,
    tls,
    ...(proxy !== undefined && { proxy }),
  };
  const { seen, connections } = await survey({
    create,
    driver,
    era,
    limits,
    headers,
    identities,
    extent,
    tool,
  }).finally(() => limits.end());
  const withoutSent = withoutSecretsOf([headers, ...identities.map((identity) => identity.headers)]);
  const safe = (text: string): string => safeDetail(withoutSent(text));
  const findings = CHECKS.flatMap((check) => check(seen));
  return {
    url: withoutSecretParameters(url),
    era,
    requests: limits.made,
    connections,
    identities: options.identities.length,
    instances: instancesIn(seen).map(safe),
    complete: !limits.refused,
    methods: methodsIn(seen).map((method) => safeMethod(method, safe)),
    findings: findings.map((finding) => ({
      ...finding,
      where: safe(finding.where),
      evidence: safe(finding.evidence),
    })),
  };
}

/** As findings name it, so that both can be found by the name. */
function safeMethod(
  { uri, error, cacheScope, ...method }: InspectedMethod,
  safe: (text: string) => string,
): InspectedMethod {
  const name = safe(nameOf({ method: method.method, ...(uri !== null && { uri }) }));
  return {
    ...method,
    uri: uri === null ? null : name.slice(method.method.length + 1),
    error: error === null ? null : safe(error),
    cacheScope: cacheScope === null ? null : safe(cacheScope),
  };
}

function instancesIn({ readings }: Seen): readonly string[] {
  const named = readings.flatMap(({ pages }) =>
    pages.flatMap(({ instance }) => (instance === undefined ? [] : [instance])),
  );
  return [...new Set(named)].toSorted();
}

function methodsIn({ readings }: Seen): readonly InspectedMethod[] {
  return [...bySubject(readings).values()].map((all) => {
    const shown = all.find(isWhole) ?? all.find(({ pages }) => pages.length > 0) ?? all[0]!;
    return methodOf(shown);
  });
}

function methodOf({ subject, pages, missing }: Reading): InspectedMethod {
  const [first] = pages;
  const { ttlMs, cacheScope } = first?.hints ?? {};
  const isList = subject.method !== 'server/discover' && subject.method !== 'resources/read';
  return {
    method: subject.method,
    uri: subject.uri ?? null,
    answered: first !== undefined,
    error: typeof missing === 'object' ? missing.detail : null,
    pages: pages.length,
    entries:
      isList && first !== undefined ? pages.reduce((sum, { entries }) => sum + entries.length, 0) : null,
    bytes: pages.reduce((sum, { bytes }) => sum + bytes, 0),
    ttlMs: typeof ttlMs === 'number' && Number.isFinite(ttlMs) ? ttlMs : null,
    cacheScope: typeof cacheScope === 'string' ? cacheScope : null,
  };
}
