/** @module The event `kill`: instances are killed (SIGKILL) and not replaced. */
import { type EventKind, onceIntoChosen } from './kind.ts';

export const kill: EventKind<'kill'> = {
  needs: ['kill'],
  serving: 'leave',
  unequal: true,
  doing: 'killing',
  plan: onceIntoChosen,
  inject: (controls, instance) => controls.kill(instance),
};
