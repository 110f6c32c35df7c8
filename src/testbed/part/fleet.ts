/** @module The part `fleet`: instances that Paceline starts. Its endpoint is that of the first one. */
import type { FleetSettings, Settings } from '../../profile/settings.ts';
import { checkFound, foundNotes } from '../check-found.ts';
import { cpuMeter } from '../cpu-meter.ts';
import { probeAs } from '../credentials/probe-as.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import type { Part } from '../part.ts';
import type { ProbeUrl } from '../probe.ts';
import type { SampledProcess } from '../sampling.ts';

/** The fleet, to be loaded as `settings` say. `seed` decides its service times; `probe` is asked about the user's servers. */
export function fleetPart(
  fleetSettings: FleetSettings,
  settings: Settings,
  seed: number,
  probe: ProbeUrl,
): Part {
  return {
    async start({ signal, keep, onPreparing, offered: { guardOf, stateOf, credentials } }) {
      const options = {
        settings: fleetSettings,
        seed,
        probe: probeAs(credentials, probe),
        keep,
        guardOf,
        stateOf,
        onUnanswered: onPreparing,
      };
      const fleet = await startFleet(options, signal);
      const { era, found } = fleet;
      const foreign = found && (await orStop(fleet, () => checkFound(settings, found)));
      const foundNotesOf =
        found === undefined ? [] : foundNotes('fleet', found, askedUrl(fleetSettings, found.url), settings);
      const instances = fleet.instances.map(({ id, url }) => ({ id, url }));
      const takesMessages = typeof fleetSettings.server === 'string';
      return {
        offers: {
          endpoint: {
            url: instances[0]!.url,
            era,
            headers: fleetSettings.headers ?? {},
            ...(foreign && { foreign }),
          },
          instances,
          controls: {
            startInstance: (aborted) => fleet.add(aborted),
            kill: (id) => fleet.kill(id),
            pause: (id) => fleet.pause(id),
            resume: (id) => fleet.resume(id),
            ...(takesMessages && {
              slow: (id, us) => fleet.slow(id, us),
              changeCatalogue: (id, change) => fleet.changeCatalogue(id, change),
            }),
          },
          authControls: {
            publish: (url) => fleet.publish(url),
            skewClock: (id, us) => fleet.skewClock(id, us),
            flushAudit: () => fleet.flushAudit(),
          },
          meters: [cpuMeter('fleetCpu', fleet.instances)],
          sampled: [() => sampledOf(fleet, takesMessages)],
        },
        notes: () => [...foundNotesOf, ...fleet.notes()],
        stop: () => fleet.stop(),
      };
    },
  };
}

/** The instances by now. Only our own tell of their collections. */
const sampledOf = (fleet: Fleet, tells: boolean): readonly SampledProcess[] =>
  fleet.instances.map(({ id, pid }) => ({
    part: 'fleet',
    name: id,
    pid,
    ...(tells && { collections: () => fleet.collections(id) }),
  }));

/** The URL of an instance as its settings say, whose server was found at `url`. */
function askedUrl({ server }: FleetSettings, url: string): string {
  return typeof server === 'string' ? url : `${new URL(url).origin}${server.path}`;
}

/** The result of `check`; when it throws, the fleet is stopped first. */
async function orStop<Result>(fleet: Fleet, check: () => Result): Promise<Result> {
  try {
    return check();
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}
