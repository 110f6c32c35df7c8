/** @module The key `auth`: how calls are authenticated and authorized. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Micros, parseDuration } from '../../units/time.ts';
import {
  AUTH_ALGORITHMS,
  AUTH_MODE_NAMES,
  AUTH_MODES,
  AUTH_POLICIES,
  type AuditFields,
  type AuthAlgorithm,
  type AuthModeName,
  type AuthPolicyName,
} from '../auth-kinds.ts';
import { unsupportedAuthMode } from '../unsupported.ts';
import { eraOf } from './endpoint.ts';
import { withoutOwnServer } from './fleet.ts';
import { variantSection } from './section.ts';
import {
  choice,
  chosen,
  duration,
  flag,
  headerName,
  integer,
  isMapping,
  mapping,
  meanings,
  text,
  type Violation,
  violationAt,
} from './values.ts';

/** Where the times of the check are in the answers. */
export interface AuthTimingSettings {
  /** Response header, lower case: `server-timing`, or one whose value is a number of milliseconds. */
  readonly header: string;
  /** Name of the entry of `Server-Timing` that is the authentication, and of the one that is the policy. */
  readonly auth: string;
  readonly policy: string;
}

/** The audit log of a server that is not built into Paceline. */
interface ForeignAuditSettings {
  /** JSON lines: an absolute path. */
  readonly file: string;
  /** Its fields by ours: `{ traceparent: 'trace.id', decision: 'result' }`; dots lead into objects. */
  readonly fields: AuditFields;
}

/** How calls are authenticated and authorized. */
export interface AuthSettings {
  readonly mode: AuthModeName;
  readonly algorithm: AuthAlgorithm;
  readonly policy: AuthPolicyName;
  /** How long `introspection-cached` keeps an answer; for JWTs with a revocation list, the time between two readings of it. */
  readonly cacheTtlUs: Micros;
  /** Lifetime of access tokens. */
  readonly lifetimeUs: Micros;
  /** How a JWT is revoked: by its id in a list that instances read, or only by its expiry. Opaque tokens are revoked at the authorization server. */
  readonly revocation: 'list' | 'expiry';
  /** Whether an agent has one token, or each call a fresh one. */
  readonly per: 'agent' | 'call';
  /** Calls sent within this time of a change of their rights are not judged. */
  readonly graceUs: Micros;
  /** Scopes that a tool requires, by its name; templates such as `resource:db://users/{id}:read`. Others require `tool:{name}`. */
  readonly requires: Readonly<Record<string, readonly string[]>>;
  /** Absolute paths of Cedar's policies and entities; absent without the policy `cedar`. */
  readonly cedar?: { readonly policies: string; readonly entities: string };
  readonly server: { readonly delayUs: Micros };
  readonly plant: {
    /** Keeps the processor busy for this long in every check. */
    readonly checkBusyUs: Micros;
    /** Number of an instance that skips its check. */
    readonly skipOn?: number;
  };
  readonly timing: AuthTimingSettings;
  /** Whether the instances of a fleet keep an audit log, or where that of a target is. */
  readonly audit: boolean | ForeignAuditSettings;
}

const HOUR = 3600e6;

/** The name of a field in the log of another server. */
const fieldName = (meaning: string) =>
  z.exactOptional(text('the name of a field').describe(`Field with ${meaning}.`));

const Auth = mapping({
  mode: choice(AUTH_MODE_NAMES)
    .default('none')
    .describe(`How a fleet authenticates calls: ${meanings(AUTH_MODES)}.`),
  algorithm: choice(AUTH_ALGORITHMS)
    .default(AUTH_ALGORITHMS[0])
    .describe('Algorithm with which access tokens are signed.'),
  policy: choice(AUTH_POLICIES)
    .default('none')
    .describe(
      'What an authenticated caller may do: `none`, every call; `scopes`, the calls whose scopes its token has; `cedar`, what Cedar policies permit.',
    ),
  requires: z
    .record(text('the name of a tool'), z.array(text('a scope'), { error: 'a list of scopes' }), {
      error: 'a mapping of tools to lists of scopes',
    })
    .default({})
    .describe(
      'Scopes that a call of a tool requires, such as `resource:db://users/{id}:read`, where `{id}` is an argument of the call. Default: `tool:{name}`, where `{name}` is the tool.',
    ),
  cedar: mapping({
    policies: text('a path').describe('File with Cedar policies, relative to the profile.'),
    entities: text('a path').describe('JSON file with Cedar entities, relative to the profile.'),
  })
    .optional()
    .describe('Files for the policy `cedar`.'),
  cacheTtl: duration(1e3, HOUR)
    .default('10s')
    .describe(
      'How long `introspection-cached` keeps an answer; with `revocation: list`, how often instances read the list.',
    ),
  lifetime: duration(1e6, 24 * HOUR)
    .default('1h')
    .describe('Lifetime of access tokens.'),
  revocation: choice(['expiry', 'list'])
    .default('expiry')
    .describe(
      'How a JWT is revoked: `expiry`, not before it expires; `list`, by its id in a list that instances read every `cacheTtl`. Opaque tokens are revoked at the authorization server.',
    ),
  per: choice(['agent', 'call'])
    .default('agent')
    .describe('Whether an agent keeps its token, or every call has a fresh one, so that no cache helps.'),
  grace: duration(0, HOUR)
    .default('100ms')
    .describe('Calls sent within this time of a change of their rights are not judged right or wrong.'),
  server: mapping({
    delay: duration(0, 60e6)
      .default('0s')
      .describe('A delay of every answer of the authorization server to instances.'),
  })
    .prefault({})
    .describe('The authorization server of a fleet.'),
  plant: mapping({
    checkBusy: duration(0, 1e6)
      .default('0s')
      .describe('Keeps the processor busy for this long in every check, to see whether it is measured.'),
    skipOn: integer(1, 64).optional().describe('Number of an instance that skips its check.'),
  })
    .prefault({})
    .describe('Faults planted into the check, to see whether the report finds them.'),
  timing: mapping({
    header: headerName()
      .default('Server-Timing')
      .describe(
        'Response header that has the time of the check: `Server-Timing`, or one whose value is a number of milliseconds.',
      ),
    auth: text('a name')
      .default('auth')
      .describe('Name of the entry of `Server-Timing` for the authentication.'),
    policy: text('a name').default('policy').describe('Name of the entry for the policy.'),
  })
    .prefault({})
    .describe('Where the answers say how long the check took.'),
  audit: z
    .union(
      [
        flag(),
        mapping({
          file: text('a path').describe('Audit log of the target: JSON lines, relative to the profile.'),
          fields: mapping({
            traceparent: fieldName('the trace context of the call, or its trace id'),
            instance: fieldName('the instance that decided; compared where answers name it, too'),
            decision: fieldName('the decision: a word such as `allow` or `deny`, true or false, or a status'),
            reason: fieldName('the reason of a refusal'),
            tokenHash: fieldName('the first 16 hexadecimal digits of the SHA-256 of the token'),
            us: fieldName('the microseconds that the check took'),
          } satisfies Record<keyof AuditFields, unknown>)
            .default({})
            .describe('Its fields by our names, where it has others; dots lead into objects.'),
        }),
      ],
      { error: 'true, false, or a mapping with a file' },
    )
    .default(true)
    .describe(
      'Whether instances write an audit record for each decision, which is then compared with the calls.',
    ),
});

export const auth = variantSection({
  schema: Auth.prefault({}).describe('Authentication and authorization of the calls (docs/auth.md).'),
  rule(profile) {
    const { auth, target, fleet } = profile;
    if (!isMapping(auth)) return [];
    const mode = chosen(AUTH_MODE_NAMES, auth['mode']);
    const { era, setBy } = eraOf(profile);
    const place = ['auth', 'mode'];
    if (mode === undefined || mode === 'none') return cedarFiles(auth['policy'], auth['cedar']);
    return [
      ...(target === undefined || fleet !== undefined ? [] : violationAt(place, OF_TARGET)),
      ...withoutOwnServer(profile, place, 'needs a built-in server, which has the check', 'auth.mode none'),
      ...violationAt(place, era && unsupportedAuthMode(mode, era, setBy)),
      ...gatewayEngine(mode, profile['balancer']),
      ...cedarFiles(auth['policy'], auth['cedar']),
    ];
  },
  complete: (auth, { folder }): { readonly auth: AuthSettings } => ({ auth: completeAuth(auth, folder) }),
});

const OF_TARGET = {
  what: 'cannot be combined with a target, which has its own check',
  todo: 'leave it out, and give its callers credentials with identities',
};

/** Only the embedded balancer can check tokens. */
function gatewayEngine(mode: AuthModeName, balancer: unknown): readonly Violation[] {
  const engine = isMapping(balancer) ? balancer['engine'] : undefined;
  if (AUTH_MODES[mode].checkedBy !== 'balancer' || engine === undefined || engine === 'embedded') return [];
  return violationAt(['auth', 'mode'], {
    what: `${mode} needs the embedded balancer, which checks the tokens; balancer.engine is ${String(engine)}`,
    todo: 'use balancer.engine embedded, or another mode',
  });
}

function cedarFiles(policy: unknown, cedar: unknown): readonly Violation[] {
  if (policy === 'cedar' && cedar === undefined) {
    const todo = 'set auth.cedar.policies and auth.cedar.entities';
    return violationAt(['auth', 'policy'], { what: 'cedar needs files', todo });
  }
  if (policy === 'cedar' || cedar === undefined) return [];
  return violationAt(['auth', 'cedar'], { what: 'has no effect without policy cedar', todo: 'leave it out' });
}

function completeAuth(auth: z.output<typeof Auth>, folder: string): AuthSettings {
  const { mode, algorithm, policy, revocation, per, requires, cedar, server, plant, timing, audit } = auth;
  return {
    mode,
    algorithm,
    policy,
    cacheTtlUs: parseDuration(auth.cacheTtl)!,
    lifetimeUs: parseDuration(auth.lifetime)!,
    revocation,
    per,
    graceUs: parseDuration(auth.grace)!,
    requires,
    ...(cedar && {
      cedar: { policies: resolve(folder, cedar.policies), entities: resolve(folder, cedar.entities) },
    }),
    server: { delayUs: parseDuration(server.delay)! },
    plant: {
      checkBusyUs: parseDuration(plant.checkBusy)!,
      ...(plant.skipOn !== undefined && { skipOn: plant.skipOn }),
    },
    timing: { ...timing, header: timing.header.toLowerCase() },
    audit: typeof audit === 'boolean' ? audit : { ...audit, file: resolve(folder, audit.file) },
  };
}
