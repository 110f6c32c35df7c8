/** @module What a load needs of the authorization server and of the fleet, from what they did in the measured time. */
import { authority } from '../../recording/measure/authority.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import { SECOND } from '../../units/time.ts';
import type { AuthFigures } from './auth-figures.ts';
import { fleetCpuOf } from './fleet-cpu.ts';

/** Null when the authorization server could not be read: it has ended, or there is none. */
export function sizingFigures(recording: Recording): AuthFigures['sizing'] {
  const served = countsOf(recording, authority);
  const { usPerCall: fleetUsPerCall = null, balancerUsPerCall = null } = fleetCpuOf(recording) ?? {};
  // Without an authorization server that was read at both ends, nothing is known of what it was asked.
  if (served === undefined) return null;
  const { tokens, introspections, jwks, revokedLists, cpuUs } = served;
  const perSecond = (count: number): number =>
    recording.measuredUs > 0 ? (count * SECOND) / recording.measuredUs : 0;
  return {
    tokensPerSecond: perSecond(tokens),
    introspectionsPerSecond: perSecond(introspections),
    keySetsPerSecond: perSecond(jwks),
    revokedListsPerSecond: perSecond(revokedLists),
    authorityCores: recording.measuredUs > 0 ? cpuUs / recording.measuredUs : 0,
    fleetUsPerCall,
    balancerUsPerCall,
    fleetCoresPer1000:
      fleetUsPerCall === null ? null : ((fleetUsPerCall + (balancerUsPerCall ?? 0)) * 1000) / SECOND,
  };
}
