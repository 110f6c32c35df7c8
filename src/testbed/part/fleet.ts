/** @module The part `fleet`: instances that Paceline starts. Its endpoint is that of the first one. */
import type { FleetSettings } from '../../profile/settings.ts';
import { startFleet } from '../fleet/fleet.ts';
import type { Part } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';

/** The fleet that `settings` describe. `seed` decides its service times; `probe` is asked about the user's servers. */
export function fleetPart(settings: FleetSettings, seed: number, probe: ProbeUrl): Part {
  return {
    async start({ signal, keep }) {
      const fleet = await startFleet({ settings, seed, probe, keep }, signal);
      const instances = fleet.instances.map(({ id, url }) => ({ id, url }));
      const takesMessages = typeof settings.server === 'string';
      return {
        offers: {
          endpoint: { url: instances[0]!.url, era: settings.era, headers: {} },
          instances,
          controls: {
            startInstance: (aborted) => fleet.add(aborted),
            kill: (id) => fleet.kill(id),
            pause: (id) => fleet.pause(id),
            resume: (id) => fleet.resume(id),
            ...(takesMessages && { slow: (id, us) => fleet.slow(id, us) }),
          },
        },
        notes: () => fleet.notes(),
        stop: () => fleet.stop(),
      };
    },
  };
}
