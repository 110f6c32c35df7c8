/** @module The part `target`: an endpoint that is already running. It is probed; nothing is started. */
import type { Settings, TargetSettings } from '../../profile/settings.ts';
import { checkDetectedEra } from '../detected-era.ts';
import type { Note } from '../note.ts';
import { type Part, passive } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';

/** The endpoint of `target`, to be loaded as `settings` say. */
export function targetPart(target: TargetSettings, settings: Settings, probe: ProbeUrl): Part {
  return {
    async start() {
      const { url, headers, proxy, instanceHeader } = target;
      const { era, instance } = await probe(url, target.era);
      checkDetectedEra(settings, era);
      const unnamed: Note = { kind: 'instances-unnamed', part: 'target', header: instanceHeader };
      return passive(
        { endpoint: { url, era, headers, ...(proxy !== undefined && { proxy }) } },
        era === 'sessions' && instance === undefined ? [unnamed] : [],
      );
    },
  };
}
