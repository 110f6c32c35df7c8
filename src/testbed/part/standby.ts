/**
 * @module The part `standby`: instances that join the fleet during the load. They are started before it: a new server of a real
 * fleet starts on its own machine, so its start must not take CPU time from the servers being measured.
 */
import { type Part, passive } from '../part.ts';

/** Starts `count` instances through the fleet; the fleet also stops them. */
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
