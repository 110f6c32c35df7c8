/** @module What surrounds a load whose calls are checked: events of tokens, meters of the testbed, and the comparison of the audit logs with what was sent. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { joinAudit } from '../audit/join.ts';
import type { LoadResult } from '../generator/engine/engine.ts';
import type { LoadPlan } from '../generator/engine/plan.ts';
import type { Settings } from '../profile/settings.ts';
import type { Recording } from '../recording/recording.ts';
import { AuthTimeline } from '../testbed/events/auth-timeline.ts';
import { Metering } from '../testbed/metering.ts';
import type { Note } from '../testbed/note.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';

/** The checks of one trial. */
export class TrialChecks {
  readonly #testbed: Testbed;
  readonly #settings: Settings;
  readonly #metering: Metering;
  readonly #timeline: AuthTimeline;

  /** Throws a `UserError` when the testbed cannot make an event of the profile. */
  constructor(testbed: Testbed, settings: Settings, instances: readonly string[]) {
    this.#testbed = testbed;
    this.#settings = settings;
    this.#metering = new Metering(testbed.meters, systemClock);
    const { events } = settings;
    const controls = testbed.authControls;
    this.#timeline = new AuthTimeline({ events, clock: systemClock, controls, instances });
  }

  /** The measured time begins at `startUs` on the system's clock. */
  start(startUs: Micros): void {
    this.#timeline.start(startUs);
    this.#metering.start(startUs, startUs + this.#settings.load.durationUs);
  }

  /** Resolves when no event is under way any more. */
  end(): Promise<void> {
    return this.#timeline.end();
  }

  notes(): readonly Note[] {
    return this.#timeline.notes();
  }

  /** What the meters counted, and the comparison of the audit logs. */
  async measures({ sent }: LoadResult, { seed }: LoadPlan): Promise<Recording['measures']> {
    const metered = await this.#metering.end();
    if (sent === undefined) return metered;
    await this.#testbed.authControls.flushAudit?.();
    const logs = await this.#auditLogs();
    return logs === undefined ? metered : { ...metered, audit: await joinAudit({ ...logs, sent, seed }) };
  }

  async #auditLogs(): Promise<Pick<Parameters<typeof joinAudit>[0], 'files' | 'fields'> | undefined> {
    const { audit } = this.#settings.auth;
    if (typeof audit === 'object') return { files: { '': audit.file }, fields: audit.fields };
    const { auditFolder } = this.#testbed;
    if (auditFolder === undefined) return undefined;
    const names = (await readdir(auditFolder)).filter((name) => /^audit-.*\.jsonl$/.test(name));
    return { files: Object.fromEntries(names.map((name) => [name.slice(6, -6), join(auditFolder, name)])) };
  }
}
