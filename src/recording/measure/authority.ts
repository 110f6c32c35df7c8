/** @module Requests that the authorization server of a testbed answered during the measured time, and its processor time. The testbed reads them. */
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import type { Measure } from './measure.ts';

/** By kind of request. */
interface AuthorityLoadCounts {
  readonly tokens: number;
  readonly introspections: number;
  readonly jwks: number;
  readonly revocations: number;
  readonly revokedLists: number;
  readonly cpuUs: Micros;
}

const COUNTS = ['tokens', 'introspections', 'jwks', 'revocations', 'revokedLists', 'cpuUs'] as const;

export const authority: Measure<AuthorityLoadCounts> = {
  name: 'authority',
  start: () => undefined,
  merge: (list) => addCounts(COUNTS, list),
};
