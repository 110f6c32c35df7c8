/** @module How a variant was set: what it overrides, and the settings in force. No credential is among them, and no environment of a command. */
import { z } from 'zod';

const count = z.int().min(0);
const us = z.int().min(0);
const Era = z.enum(['stateless', 'sessions']);

/** When calls fall due: an open loop at a rate, an open loop in stages whose rate goes linearly from one value to another, a closed loop, or the replay of a trace. */
const LoadShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rate'), perSecond: z.number() }),
  z.object({
    kind: z.literal('stages'),
    stages: z.array(z.object({ durationUs: us, fromPerSecond: z.number(), toPerSecond: z.number() })),
  }),
  z.object({ kind: z.literal('closed'), concurrency: count }),
  z.object({
    kind: z.literal('replay'),
    /** Name of its file, without the folder. */
    trace: z.string(),
    /** The first hexadecimal digits of the SHA-256 of its calls. */
    digest: z.string(),
    /** How many times as fast as it was recorded. */
    speed: z.number(),
    /** Calls of the trace that are made, and those that are not, by the reason. */
    calls: count,
    leftOut: z.array(z.object({ reason: z.string(), calls: count })),
  }),
]);

/** The load in force. */
export const EffectiveLoad = z.object({
  shape: LoadShape,
  arrivals: z.string(),
  /** Time under load before the measured time. */
  warmupUs: us,
  /** Measured time. */
  durationUs: us,
  agents: count,
  connections: count,
  /** Connections to which the pool may grow. Absent from older results, in which it did not grow. */
  maxConnections: count.optional(),
  timeoutUs: us,
  driver: z.string(),
  /** Threads that generate load, or `auto`: as many as the machine has to spare. */
  workers: z.union([count, z.literal('auto')]),
  maxInFlight: count,
  checkIds: z.boolean(),
  /** Calls after which a connection is replaced; absent: never. */
  perConnection: count.optional(),
  /** Exponent of Zipf's law over the agents; absent: all call equally often. */
  skew: z.number().optional(),
  /** Version of HTTP; absent: what the server prefers over TLS (ALPN), otherwise 1.1. */
  http: z.string().optional(),
  /** Calls under way at the same time on one connection of HTTP/2; absent: 100, as far as the server allows. */
  streams: count.optional(),
  /** Whether connections resume sessions of TLS; absent: yes. */
  tls: z.object({ resume: z.boolean() }).optional(),
});
export type EffectiveLoad = z.infer<typeof EffectiveLoad>;

/** The tools of the built-in servers in force. */
const EffectiveTools = z.object({
  catalogue: count,
  /** Distribution of the service times of the tool `work`: its kind, and its parameters with times in microseconds. */
  work: z.looseObject({ kind: z.string() }),
  reportBytes: count,
  ttlMs: z.number().min(0),
  cacheScope: z.string(),
  /** How many calls an instance works on at once; absent: all. */
  concurrency: count.optional(),
  /** How long an instance takes for `tools/list`; absent: no longer than it needs. */
  listUs: us.optional(),
});

/** What the built-in servers offer beside tools, and their cache hints by method. */
const EffectiveOffer = z.object({
  pageSize: count.optional(),
  resources: count,
  resourceBytes: count,
  templates: count,
  prompts: count,
  hints: z.record(z.string(), z.object({ ttlMs: z.number().min(0), cacheScope: z.string() })),
});

/** The fleet in force. */
const EffectiveFleet = z.object({
  /** `sdk`, `lean`, or `command`. */
  server: z.string(),
  /** The command line, without its environment; null of a built-in server. */
  command: z.string().nullable(),
  era: Era,
  instances: count,
  /** Null of a command. */
  tools: EffectiveTools.nullable(),
  /** Null of a command; absent from older results. */
  offer: EffectiveOffer.nullable().optional(),
});

/** The check of every call in force. */
const EffectiveAuth = z.object({
  mode: z.string(),
  algorithm: z.string(),
  policy: z.string(),
  /** How a JWT is revoked: `list` or `expiry`. */
  revocation: z.string(),
  /** How long an answer of the authorization server is kept, or how often the list of revoked tokens is read. */
  cacheTtlUs: us,
  lifetimeUs: us,
  /** Whether an `agent` keeps its token or every `call` has a fresh one. */
  per: z.string(),
  /** Calls sent within this time of a change of their rights are not judged. */
  graceUs: us,
  /** A delay of every answer of the authorization server to instances. Absent from older results, as all below. */
  authorityDelayUs: us.optional(),
  /** Faults planted into the check. */
  plant: z.object({ checkBusyUs: us, skipOn: z.int().min(1).optional() }).optional(),
});
export type EffectiveAuth = z.infer<typeof EffectiveAuth>;

/** A group of callers with the same rights. */
const EffectiveIdentity = z.object({
  name: z.string(),
  agents: count,
  scopes: z.array(z.string()),
  /** What kind of token it has, or the kind of its source; never the token. */
  token: z.string(),
  expect: z.string(),
  refresh: z.boolean(),
});

/** An event that changes rights, or what the check depends on. */
const EffectiveEvent = z.object({
  kind: z.string(),
  /** From the start of the measured time. */
  atUs: us,
  /** Duration of those that end. */
  forUs: us,
  agents: count.optional(),
  scope: z.string().optional(),
  identity: z.string().optional(),
  byUs: z.number().optional(),
  instance: z.int().min(1).optional(),
});

/** What is done about `ttlMs`. */
const EffectiveCache = z.object({
  honour: z.boolean(),
  at: z.string(),
  capacity: count.optional(),
  singleFlight: z.boolean(),
  jitter: z.number(),
  staleIfErrorUs: us,
  subscribe: z.boolean(),
  maxStaleUs: us.optional(),
});

/** A change of what the servers offer. */
const EffectiveCatalogueEvent = z.object({
  kind: z.string(),
  /** From the start of the measured time. */
  atUs: us,
  list: z.string().optional(),
  renamed: z.object({ from: z.string(), to: z.string() }).optional(),
  added: count.optional(),
  uri: z.string().optional(),
  notify: z.boolean(),
  except: z.int().min(1).optional(),
});

/** The settings in force, with all defaults. */
const EffectiveSettings = z.object({
  load: EffectiveLoad,
  /** Null with a target. */
  fleet: EffectiveFleet.nullable(),
  /** Null with the URL of a target. */
  balancer: z
    .object({
      engine: z.string(),
      policy: z.string(),
      http: z.enum(['1.1', '2']).optional(),
      tls: z.literal(true).optional(),
    })
    .nullable(),
  /** Absent from older results. */
  auth: EffectiveAuth.optional(),
  /** Absent where callers have no credentials. */
  identities: z.array(EffectiveIdentity).optional(),
  /** Absent without such events. */
  events: z.array(EffectiveEvent).optional(),
  catalogueEvents: z.array(EffectiveCatalogueEvent).optional(),
  /** Absent from older results. */
  cache: EffectiveCache.optional(),
});
export type EffectiveSettings = z.infer<typeof EffectiveSettings>;

/** How a variant was set. */
export const VariantSettings = z.object({
  overrides: z.record(z.string(), z.unknown()),
  /** `fleet` or the target's URL. */
  target: z.string(),
  /** The forward proxy on the way to the target, without credentials. */
  proxy: z.string().optional(),
  era: Era,
  server: z.string().nullable(),
  instances: count.nullable(),
  balancer: z.string().nullable(),
  policy: z.string().nullable(),
  /** For people, in words: `400/s, Poisson arrivals, for 10 s after 2 s of warm-up`. */
  load: z.string(),
  /** Time under load before the measured time. Absent from older results. */
  warmupUs: us.optional(),
  agents: count,
  connections: count,
  /** Absent from older results. */
  effective: EffectiveSettings.optional(),
});
export type VariantSettings = z.infer<typeof VariantSettings>;

/** The kind of loop of the load; undefined of older results, which do not say. */
export function loopOf({ effective }: Pick<VariantSettings, 'effective'>): 'open' | 'closed' | undefined {
  if (effective === undefined) return undefined;
  return effective.load.shape.kind === 'closed' ? 'closed' : 'open';
}
