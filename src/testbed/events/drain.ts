/** @module The event `drain`: instances receive no new work, and are killed when the event ends. */
import { type EventKind, onceIntoChosen } from './kind.ts';

export const drain: EventKind<'drain' | 'kill'> = {
  needs: ['drain', 'kill'],
  serving: 'leave',
  unequal: true,
  doing: 'draining',
  plan: onceIntoChosen,
  inject: (controls, instance) => controls.drain(instance),
  end: (controls, instance) => controls.kill(instance),
};
