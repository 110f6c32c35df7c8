/** @module Faults that are planted into the check of a process, to see whether they are measured and found. */
import { decodeJwt, errors } from 'jose';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { AuthenticationInput, Authenticator, GuardedRequest, Identity } from '../guard.ts';
import { accessToken } from './access-token.ts';
import { claimedInGatewayHeader, GATEWAY_HEADER } from './gateway-header.ts';
import { presentedToken } from './presented-token.ts';

/** `authenticator` with the faults of `plant`; itself when there are none. */
export function planted(authenticator: Authenticator, plant: AuthenticationInput['plant']): Authenticator {
  const { busyUs, skip } = plant;
  if (busyUs === 0 && !skip) return authenticator;
  return {
    ...authenticator,
    authenticate(request) {
      keepBusy(busyUs);
      return skip ? claimed(request) : authenticator.authenticate(request);
    },
  };
}

/** Keeps the processor busy, as a check that computes would. */
function keepBusy(span: Micros): void {
  const end = systemClock.now() + span;
  while (systemClock.now() < end);
}

/** Who the request says that it is from, unverified; undefined when that cannot be read, as of an opaque token. */
function claimed(request: GuardedRequest): Identity | undefined {
  const byGateway = request.header(GATEWAY_HEADER);
  if (byGateway !== undefined) return claimedInGatewayHeader(byGateway);
  for (const scheme of ['Bearer', 'DPoP'] as const) {
    const token = presentedToken(request, scheme);
    if (typeof token === 'string') return claimedInToken(token);
  }
  return undefined;
}

function claimedInToken(token: string): Identity | undefined {
  try {
    const read = accessToken(token, decodeJwt(token));
    return 'refused' in read ? undefined : read.identity;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
}
