/** @module The event `add`: standby instances join behind the balancer. */
import type { EventKind } from './kind.ts';

export const add: EventKind<'join'> = {
  needs: ['join'],
  serving: 'join',
  unequal: true,
  doing: 'adding',
  plan: ({ count }) => [{ afterUs: 0, joins: count, targets: [] }],
};
