/** @module The table of policies. A new policy is one file in this folder and one line here. */
import type { PolicyName } from '../../profile/balancer-kinds.ts';
import { hashIdentity } from './hash-identity.ts';
import { hashSession } from './hash-session.ts';
import { leastInFlight } from './least-in-flight.ts';
import { nameAffinity } from './name-affinity.ts';
import type { CreatePolicy } from './policy.ts';
import { randomTwo } from './random-two.ts';
import { roundRobin } from './round-robin.ts';
import { routeMethod } from './route-method.ts';
import { sticky } from './sticky.ts';

/** Every policy by its name in profiles. */
export const policies: Readonly<Record<PolicyName, CreatePolicy>> = {
  'round-robin': roundRobin,
  'least-in-flight': leastInFlight,
  'random-two': randomTwo,
  sticky,
  'hash-session': hashSession,
  'hash-identity': hashIdentity,
  'route-method': routeMethod,
  'name-affinity': nameAffinity,
};
