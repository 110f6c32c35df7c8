/** @module The event `pause`: instances stop where they are (SIGSTOP), and go on when it is over (SIGCONT). */
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
