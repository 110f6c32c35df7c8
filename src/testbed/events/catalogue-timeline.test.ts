import { describe, expect, it } from 'vitest';
import type { CatalogueUpdate } from '../../generator/engine/load-cache.ts';
import type { PlannedCatalogueEvent } from '../../profile/settings.ts';
import type { CatalogueChange } from '../../server/catalogue-change.ts';
import { UserError } from '../../units/user-error.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { Note } from '../note.ts';
import type { Controls } from '../part.ts';
import { CatalogueTimeline, plannedChanges } from './catalogue-timeline.ts';

const SECOND = 1e6;

const RENAMED: PlannedCatalogueEvent = {
  kind: 'changeCatalogue',
  atUs: 2 * SECOND,
  list: 'tools',
  renamed: { from: 'echo', to: 'echo_v2' },
  notify: true,
};
const UPDATED: PlannedCatalogueEvent = {
  kind: 'updateResource',
  atUs: 4 * SECOND,
  uri: 'paceline://resource/1',
  notify: false,
};

interface Ran {
  /** `second instance version`. */
  readonly changed: readonly string[];
  readonly changes: readonly CatalogueChange[];
  /** `second stage version`. */
  readonly told: readonly string[];
  readonly notes: readonly Note[];
}

/** Runs `events` from second 1 on against instances "1" to "3", each of which takes `takesUs` and may fail. */
async function run(
  events: readonly PlannedCatalogueEvent[],
  { takesUs = SECOND / 2, failing = [] as readonly string[] } = {},
): Promise<Ran> {
  const clock = new VirtualClock();
  const second = (): number => clock.now() / SECOND;
  const changed: string[] = [];
  const changes: CatalogueChange[] = [];
  const controls: Partial<Controls> = {
    async changeCatalogue(id, change) {
      await new Promise<void>((resolve) => clock.at(clock.now() + takesUs, resolve));
      if (failing.includes(id)) throw new Error(`instance ${id} does not know how`);
      changed.push(`${second()} ${id} ${change.version}`);
      changes.push(change);
    },
  };
  const timeline = new CatalogueTimeline({ events, clock, controls, instances: ['1', '2', '3'] });
  const told: string[] = [];
  timeline.subscribe(({ stage, version }: CatalogueUpdate) => told.push(`${second()} ${stage} ${version}`));
  timeline.start(SECOND);
  await clock.run();
  await timeline.end();
  return { changed, changes, told, notes: timeline.notes() };
}

describe('changes of the catalogue', () => {
  it('reach every instance, each with the next version, and are confirmed when all answer so', async () => {
    const { changed, changes, told } = await run([RENAMED, UPDATED]);
    expect(changed).toEqual(['3.5 1 1', '3.5 2 1', '3.5 3 1', '5.5 1 2', '5.5 2 2', '5.5 3 2']);
    expect(told).toEqual(['3 begun 1', '3.5 confirmed 1', '5 begun 2', '5.5 confirmed 2']);
    expect([changes[0], changes[3]]).toEqual([
      { version: 1, what: 'tools', renamed: { from: 'echo', to: 'echo_v2' }, notify: true },
      { version: 2, what: 'resource', uri: 'paceline://resource/1', notify: false },
    ]);
  });

  it('leave out the instance that goes on as before', async () => {
    const { changed, told } = await run([{ ...RENAMED, except: 2 }]);
    expect(changed).toEqual(['3.5 1 1', '3.5 3 1']);
    expect(told.at(-1)).toBe('3.5 confirmed 1');
  });

  it('that fail are never confirmed, and become a note', async () => {
    const { told, notes } = await run([RENAMED], { failing: ['3'] });
    expect(told).toEqual(['3 begun 1']);
    expect(notes).toEqual([
      {
        kind: 'event-failed',
        part: 'events',
        event: 'changeCatalogue',
        reason: 'instance 3 does not know how',
      },
    ]);
  });

  it('do not begin after the end', async () => {
    const clock = new VirtualClock();
    const changed: string[] = [];
    const controls = { changeCatalogue: async (id: string) => void changed.push(id) };
    const timeline = new CatalogueTimeline({ events: [RENAMED], clock, controls, instances: ['1'] });
    timeline.start(0);
    await timeline.end();
    await clock.run();
    expect(changed).toEqual([]);
  });

  it('need servers that can change what they offer', () => {
    const options = { clock: new VirtualClock(), controls: {}, instances: ['1'] };
    expect(() => new CatalogueTimeline({ ...options, events: [UPDATED] })).toThrow(UserError);
    expect(() => new CatalogueTimeline({ ...options, events: [] })).not.toThrow();
  });

  it('are known to the load in advance, by their place', () => {
    expect(plannedChanges([RENAMED, UPDATED])).toEqual([
      { event: 0, what: 'tools', notify: true, renamed: { from: 'echo', to: 'echo_v2' } },
      { event: 1, what: 'resource', uri: 'paceline://resource/1', notify: false },
    ]);
  });
});
