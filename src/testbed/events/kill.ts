/** @module The event `kill`: instances end at once (SIGKILL), and nothing takes their place. */
import { type EventKind, onceIntoChosen } from './kind.ts';

export const kill: EventKind<'kill'> = {
  needs: ['kill'],
  serving: 'leave',
  unequal: true,
  doing: 'killing',
  plan: onceIntoChosen,
  inject: (controls, instance) => controls.kill(instance),
};
