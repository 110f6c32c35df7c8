/** @module What a load needs of the authorization server and of the fleet, from what they did in the measured time. */
import { authority } from '../../recording/measure/authority.ts';
import { fleetCpu } from '../../recording/measure/fleet-cpu.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import { SECOND } from '../../units/time.ts';
import type { AuthFigures } from './auth-figures.ts';

/** Null when neither was read. */
export function sizingFigures(recording: Recording): AuthFigures['sizing'] {
  const served = countsOf(recording, authority);
  const fleetUsPerCall = fleetUsPerCallOf(recording);
  if (served === undefined && fleetUsPerCall === null) return null;
  const { tokens = 0, introspections = 0, jwks = 0, revokedLists = 0, cpuUs = 0 } = served ?? {};
  const perSecond = (count: number): number =>
    recording.measuredUs > 0 ? (count * SECOND) / recording.measuredUs : 0;
  return {
    tokensPerSecond: perSecond(tokens),
    introspectionsPerSecond: perSecond(introspections),
    keySetsPerSecond: perSecond(jwks),
    revokedListsPerSecond: perSecond(revokedLists),
    authorityCores: recording.measuredUs > 0 ? cpuUs / recording.measuredUs : 0,
    fleetUsPerCall,
    fleetCoresPer1000: fleetUsPerCall === null ? null : (fleetUsPerCall * 1000) / SECOND,
  };
}

/** Calls are those that were answered in the measured time, in which the processor time was read. */
function fleetUsPerCallOf(recording: Recording): number | null {
  const cpu = countsOf(recording, fleetCpu);
  return cpu === undefined || recording.answeredInTime === 0 ? null : cpu.us / recording.answeredInTime;
}
