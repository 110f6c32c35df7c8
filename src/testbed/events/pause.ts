/** @module The event `pause`: instances are paused (SIGSTOP) and resumed when it ends (SIGCONT). */
import { type EventKind, onceIntoChosen } from './kind.ts';

export const pause: EventKind<'pause' | 'resume'> = {
  needs: ['pause', 'resume'],
  serving: 'stay',
  unequal: true,
  doing: 'pausing',
  plan: onceIntoChosen,
  inject: (controls, instance) => controls.pause(instance),
  end: (controls, instance) => controls.resume(instance),
};
