/**
 * @module The part `standby`: instances that join the fleet during the load. They are started ahead of it: a new server of a real
 * fleet starts on a machine of its own, and must not take the processor from those being measured.
 */
import { type Part, passive } from '../part.ts';

/** Starts `count` instances through the fleet, which stops them. */
export function standbyPart(count: number): Part {
  return {
    async start({ offered, signal }) {
      const { startInstance } = offered.controls;
      if (startInstance === undefined) throw new Error('No earlier part can start instances');
      const starting = Array.from({ length: count }, () => startInstance(signal));
      return passive({ standby: await Promise.all(starting) });
    },
  };
}
