/** @module The event `restart`: each instance in turn is replaced. A new one joins, the old one is drained and then killed. */
import { drain } from './drain.ts';
import type { EventKind } from './kind.ts';

export const restart: EventKind<'join' | 'drain' | 'kill'> = {
  needs: ['join', 'drain', 'kill'],
  serving: 'replace',
  unequal: true,
  doing: 'replacing',
  plan: ({ forUs }, { names }) =>
    names.map((old, turn) => ({ afterUs: turn * forUs, joins: 1, targets: [old] })),
  inject: (controls, instance, fault) => drain.inject?.(controls, instance, fault),
  end: (controls, instance) => drain.end?.(controls, instance),
};
