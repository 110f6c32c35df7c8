/** @module The settings of a variant as the result records them: without credentials, and without the environment of a command. */
import { basename } from 'node:path';
import { proxyWithoutCredentials, withoutSecretParameters } from '../profile/secrets.ts';
import type {
  CommandServer,
  Era,
  FleetSettings,
  LoadSettings,
  Settings,
  Variant,
} from '../profile/settings.ts';
import { loadText } from '../report/load-text.ts';
import type { EffectiveLoad, EffectiveSettings, VariantSettings } from '../result/settings.ts';

/** The settings of `variant`; `detectedEra` is the era that a trial detected, if any. */
export function settingsInForce(
  { settings, overrides }: Variant,
  detectedEra: Era | undefined,
): VariantSettings {
  const { endpoint, balancer, load } = settings;
  const era = (endpoint.era === 'auto' ? detectedEra : endpoint.era) ?? 'stateless';
  const effective = effectiveOf(settings, era);
  return {
    overrides,
    target: targetText(endpoint),
    ...(endpoint.kind === 'target' &&
      endpoint.proxy !== undefined && { proxy: proxyWithoutCredentials(endpoint.proxy) }),
    era,
    server: endpoint.kind === 'fleet' ? serverText(endpoint.server) : null,
    instances: instancesOf(endpoint),
    balancer: balancer?.engine ?? null,
    policy: balancer?.policy ?? null,
    load: loadText(effective.load),
    warmupUs: load.warmupUs,
    agents: load.agents,
    connections: load.connections,
    effective,
  };
}

function effectiveOf(settings: Settings, era: Era): EffectiveSettings {
  const { load, endpoint, balancer, auth, identities, events, catalogueEvents, cache } = settings;
  return {
    load: effectiveLoad(load),
    fleet: endpoint.kind === 'fleet' ? effectiveFleet(endpoint, era) : null,
    balancer: balancer === undefined ? null : { ...balancer },
    auth: effectiveAuth(auth),
    ...(identities.length > 0 && { identities: identities.map(effectiveIdentity) }),
    ...(events.length > 0 && { events: [...events] }),
    ...(catalogueEvents.length > 0 && { catalogueEvents: [...catalogueEvents] }),
    cache,
  };
}

function effectiveAuth(auth: Settings['auth']): NonNullable<EffectiveSettings['auth']> {
  const { mode, algorithm, policy, revocation, cacheTtlUs, lifetimeUs, per, graceUs, server, plant } = auth;
  const shared = { mode, algorithm, policy, revocation, cacheTtlUs, lifetimeUs, per, graceUs };
  return { ...shared, authorityDelayUs: server.delayUs, plant };
}

/** Of a source of tokens, only what kind it is. */
function effectiveIdentity(
  identity: Settings['identities'][number],
): NonNullable<EffectiveSettings['identities']>[number] {
  const { name, agents, scopes, token, expect, refresh } = identity;
  const kind = typeof token === 'string' ? token : token.kind;
  return { name, agents, scopes: [...scopes], token: kind, expect, refresh };
}

function effectiveLoad(load: LoadSettings): EffectiveLoad {
  const { shape } = load;
  switch (shape.kind) {
    case 'stages':
      return { ...load, shape: { ...shape, stages: [...shape.stages] } };
    case 'replay':
      return {
        ...load,
        shape: { ...shape, trace: basename(shape.trace), leftOut: [...shape.leftOut] },
      };
    default:
      return { ...load, shape };
  }
}

function effectiveFleet(
  { server, instances, tools, offer }: FleetSettings,
  era: Era,
): EffectiveSettings['fleet'] {
  return typeof server === 'string'
    ? { server, command: null, era, instances, tools: { ...tools, work: { ...tools.work } }, offer }
    : { server: 'command', command: commandLine(server), era, instances, tools: null, offer: null };
}

function targetText(endpoint: Settings['endpoint']): string {
  switch (endpoint.kind) {
    case 'fleet':
      return 'fleet';
    case 'replicas':
      return endpoint.urls.map(withoutSecretParameters).join(', ');
    case 'target':
      return withoutSecretParameters(endpoint.url);
  }
}

/** The name of a built-in server, or the command line. */
function serverText(server: FleetSettings['server']): string {
  return typeof server === 'string' ? server : commandLine(server);
}

function commandLine({ command }: CommandServer): string {
  if (typeof command === 'string') return command;
  return command.map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function instancesOf(endpoint: Settings['endpoint']): number | null {
  if (endpoint.kind === 'fleet') return endpoint.instances;
  return endpoint.kind === 'replicas' ? endpoint.urls.length : null;
}
