/** @module What each mode needs of the authorization server and of the fleet. */
import { authorized } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { figure, NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import type { AuthorizationTable } from './section.ts';

const small = (value: number | null): string =>
  value === null ? NOTHING : value === 0 ? '0' : figure(value);

function table(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'calls/s',
      'tokens/s',
      'introspections/s',
      'key sets/s',
      'revocation lists/s',
      'cores of the authorization server',
      'us of the fleet per call',
      'cores of the fleet per 1,000 calls/s',
    ],
    rows: authorized(model).flatMap(({ name, summary, auth: { sizing } }) =>
      sizing === null
        ? []
        : [
            [
              name,
              figure(summary.rate.achievedPerSecond),
              small(sizing.tokensPerSecond),
              small(sizing.introspectionsPerSecond),
              small(sizing.keySetsPerSecond),
              small(sizing.revokedListsPerSecond),
              small(sizing.authorityCores),
              small(sizing.fleetUsPerCall),
              small(sizing.fleetCoresPer1000),
            ],
          ],
    ),
  };
}

export const sizing: AuthorizationTable = {
  title: 'Sizing',
  note: 'Measured at the rate under calls/s. The authorization server is asked in proportion to the calls (introspection), to the agents and the lifetime of their tokens, or hardly at all (key sets).',
  table,
};
