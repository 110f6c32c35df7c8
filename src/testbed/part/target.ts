/** @module The part `target`: an endpoint that is already running. It is probed; nothing is started. */
import type { Settings, TargetSettings } from '../../profile/settings.ts';
import { checkFound, foundNotes } from '../check-found.ts';
import { probeAs } from '../credentials/probe-as.ts';
import type { Note } from '../note.ts';
import { type Part, passive } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';

/** The endpoint of `target`, to be loaded as `settings` say. */
export function targetPart(target: TargetSettings, settings: Settings, probe: ProbeUrl): Part {
  return {
    async start({ signal, offered: { credentials } }) {
      const { url, headers, proxy, instanceHeader } = target;
      // Some servers have one session for their whole life, so that the load takes over the one that the probe has opened.
      const found = await probeAs(credentials, probe)(url, target.era, { session: 'leave', signal });
      const { era, instance } = found;
      const foreign = checkFound(settings, found);
      const unnamed: Note = { kind: 'instances-unnamed', part: 'target', header: instanceHeader };
      return passive(
        { endpoint: { url: found.url, era, headers, ...(proxy !== undefined && { proxy }), foreign } },
        [
          ...foundNotes('target', found, url, settings),
          ...(found.session !== undefined && instance === undefined ? [unnamed] : []),
        ],
      );
    },
  };
}
