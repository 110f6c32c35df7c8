/** @module The part `replicas`: instances that are already running. Each of them is probed; none is started. */
import type { ReplicaSettings, Settings } from '../../profile/settings.ts';
import { checkFound, foundNotes } from '../check-found.ts';
import { probeAs } from '../credentials/probe-as.ts';
import { instanceNames } from '../fleet/instance-names.ts';
import { type Part, passive } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';

/** The instances of `replicas`, to be loaded as `settings` say. Its endpoint is that of the first one. */
export function replicasPart(replicas: ReplicaSettings, settings: Settings, probe: ProbeUrl): Part {
  return {
    async start({ signal, offered: { credentials } }) {
      const ask = probeAs(credentials, probe);
      const { urls, headers, instanceHeader } = replicas;
      const first = await ask(urls[0]!, replicas.era, { signal });
      const others = await Promise.all(urls.slice(1).map((url) => ask(url, first.era, { signal })));
      const foreign = checkFound(settings, first);
      const all = [first, ...others];
      const own = all.map(({ instance }) => instance);
      const names = instanceNames(own, instanceHeader, 'target');
      return passive(
        {
          endpoint: { url: first.url, era: first.era, headers, foreign },
          instances: all.map(({ url }, index) => ({ id: names[index]!, url })),
        },
        foundNotes('target', first, urls[0]!, settings),
      );
    },
  };
}
