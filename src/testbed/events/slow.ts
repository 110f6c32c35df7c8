/** @module The event `slow`: every answer of the instances is delayed until the event ends. */
import { type EventKind, onceIntoChosen } from './kind.ts';

export const slow: EventKind<'slow'> = {
  needs: ['slow'],
  serving: 'stay',
  unequal: false,
  doing: 'slowing',
  plan: onceIntoChosen,
  inject: (controls, instance, { byUs }) => controls.slow(instance, byUs),
  end: (controls, instance) => controls.slow(instance, 0),
};
