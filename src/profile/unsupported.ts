/** @module Problems about what a kind does not support, derived from the table of kinds; used by profile, render, preflight and testbed. */
import type { Problem } from '../units/user-error.ts';
import { alternatives } from '../units/words.ts';
import { AUTH_MODES, type AuthModeName } from './auth-kinds.ts';
import {
  CONFIG_KINDS,
  CONFIGS,
  type ConfigKind,
  ENGINE_NAMES,
  POLICIES,
  type PolicyName,
  type Support,
  supportOf,
} from './balancer-kinds.ts';
import {
  DRIVER_NAMES,
  DRIVERS,
  type DriverKind,
  type DriverName,
  type Era,
  type HttpVersion,
} from './kinds.ts';

/** A problem without its place, which the caller adds. */
type Unsupported = Omit<Problem, 'where'>;

const when = (unsupported: boolean, problem: Unsupported): Unsupported | undefined =>
  unsupported ? problem : undefined;

/** `load.driver wire or undici`: the drivers for which `can` is true. */
function driversThat(can: (kind: DriverKind) => boolean): string {
  return `load.driver ${alternatives(DRIVER_NAMES.filter((name) => can(DRIVERS[name])))}`;
}

/** A driver without the loop that `load.<key>` requires. */
export function unsupportedLoop(
  driver: DriverName,
  key: 'rate' | 'stages' | 'concurrency' | 'replay',
): Unsupported | undefined {
  const loop = key === 'concurrency' ? 'closed' : 'open';
  const instead = key === 'concurrency' ? 'load.rate' : 'load.concurrency';
  return when(!DRIVERS[driver].loops.includes(loop), {
    what: `${driver} has no ${loop} loop, so it cannot be combined with load.${key}`,
    todo: `use ${instead}, or ${driversThat(({ loops }) => loops.includes(loop))}`,
  });
}

/** A driver in an era that it does not support. `setBy`: the key of the profile that sets the era; absent: the era was detected at the server. */
export function unsupportedEra(driver: DriverName, era: Era, setBy?: string): Unsupported | undefined {
  const { eras } = DRIVERS[driver];
  const others = driversThat((kind) => kind.eras.includes(era));
  return when(!eras.includes(era), {
    what: `${driver} does not support the era ${era}${setBy === undefined ? ', which the server speaks' : ''}`,
    todo: setBy === undefined ? `use ${others}` : `use ${setBy} ${alternatives(eras)}, or ${others}`,
  });
}

/** A driver that does not support a forward proxy. */
export function unsupportedProxy(driver: DriverName): Unsupported | undefined {
  return when(!DRIVERS[driver].proxy, {
    what: `load.driver ${driver} does not support a proxy`,
    expected: driversThat(({ proxy }) => proxy),
    todo: 'set that, or leave the proxy out',
  });
}

/** A driver that does not replace connections, or not those that may speak `http`. */
export function unsupportedPerConnection(driver: DriverName, http?: HttpVersion): Unsupported | undefined {
  const replaces = ({ replacesConnections }: DriverKind): boolean =>
    http === undefined ? replacesConnections.length > 0 : replacesConnections.includes(http);
  return when(!replaces(DRIVERS[driver]), {
    what: `${driver} cannot replace ${http === undefined ? 'its connections' : `connections of HTTP/${http}`}`,
    expected: driversThat(replaces),
    todo: `set that${http === '2' ? ', set load.http 1.1' : ''}, or leave it out`,
  });
}

/** A driver that does not speak HTTP/2. */
export function unsupportedHttp2(driver: DriverName): Unsupported | undefined {
  return when(!DRIVERS[driver].http2, {
    what: `${driver} does not speak HTTP/2`,
    todo: `use ${driversThat(({ http2 }) => http2)}, or leave it out`,
  });
}

/** A driver that cannot resume sessions of TLS. */
export function unsupportedResume(driver: DriverName): Unsupported | undefined {
  return when(!DRIVERS[driver].resumes, {
    what: `${driver} cannot resume sessions of TLS`,
    todo: `use ${driversThat(({ resumes }) => resumes)}, or leave it out`,
  });
}

/** A driver that does not check the certificate of the server at `address`. */
export function unsupportedCertificate(driver: DriverName, address: string): Unsupported | undefined {
  return when(!DRIVERS[driver].checksCertificates, {
    what: `${driver} does not check certificates, so it accepts any certificate for ${address}`,
    expected: 'another driver for https, or --insecure',
    todo: `use ${driversThat(({ checksCertificates }) => checksCertificates)}`,
  });
}

/** A policy in an era whose requests lack the header it needs, unless it is equivalent to another policy there. */
export function unsupportedPolicyEra(policy: PolicyName, era: Era, setBy?: string): Unsupported | undefined {
  const { eras, fallback, reads } = POLICIES[policy];
  const other = setBy === undefined ? '' : `${setBy} ${alternatives(eras)}, or `;
  return when(!eras.includes(era) && fallback === undefined, {
    what: `${policy} needs the header ${reads}, which requests of the era ${era} do not carry`,
    todo: `use ${other}another policy`,
  });
}

/** `server/discover` in an era that it does not exist in. */
export function unsupportedDiscover(era: Era, setBy?: string): Unsupported | undefined {
  const instead = setBy === undefined ? '' : `use ${setBy} stateless, or `;
  return when(era !== 'stateless', {
    what: `server/discover does not exist in the era ${era}${setBy === undefined ? ', which the server speaks' : ''}`,
    todo: `${instead}leave the call out`,
  });
}

/** A mode of authentication in an era that it does not exist in. */
export function unsupportedAuthMode(mode: AuthModeName, era: Era, setBy: string): Unsupported | undefined {
  const { eras } = AUTH_MODES[mode];
  return when(!eras.includes(era), {
    what: `${mode} does not exist in the era ${era}, which has no sessions`,
    todo: `use ${setBy} ${alternatives(eras)}, or another mode`,
  });
}

/** A policy, or a version of HTTP, that an engine or a configuration language cannot express, whatever its version. */
export function unsupportedBy(support: Support): Unsupported | undefined {
  return support.kind === 'none' ? { what: support.reason, todo: support.instead } : undefined;
}

/** TLS of clients in a configuration language that it is not rendered for. */
export function unsupportedTls(kind: ConfigKind): Unsupported | undefined {
  const others = CONFIG_KINDS.filter((each) => CONFIGS[each].tls);
  return when(!CONFIGS[kind].tls, {
    what: `TLS is rendered for ${alternatives(others)} only`,
    todo: `render for ${alternatives(others)}; or use --set balancer.tls=false, and set up TLS for ${CONFIGS[kind].title} yourself`,
  });
}

/** An engine whose installed program is too old for a policy, or has an unknown version (`undefined`). */
export function unsupportedVersion(
  policy: PolicyName,
  { version, feature }: Extract<Support, { kind: 'since' }>,
  installed: { readonly program: string; readonly path: string; readonly version: string | undefined },
): Unsupported {
  const { program, path } = installed;
  const others = ENGINE_NAMES.filter((engine) => supportOf(engine, policy).kind === 'full');
  return {
    what: `${policy} needs ${program} ${version} or later (${feature}); ${path} is ${installed.version ?? 'of an unknown version'}`,
    todo: `install that version, or use balancer.engine ${alternatives(others)}`,
  };
}
