/** @module What surrounds a load whose calls are checked: events of tokens, meters of the testbed, and the comparison of the audit logs with what was sent. */
import { joinAudit } from '../audit/join.ts';
import { type AuditLogFile, auditLogFile } from '../audit/log-file.ts';
import type { LoadResult } from '../generator/engine/engine.ts';
import type { LoadUpdate } from '../generator/engine/load-update.ts';
import type { LoadPlan } from '../generator/engine/plan.ts';
import type { Settings } from '../profile/settings.ts';
import type { Recording } from '../recording/recording.ts';
import { auditFilesIn } from '../testbed/audit-files.ts';
import { AuthTimeline } from '../testbed/events/auth-timeline.ts';
import { CatalogueTimeline } from '../testbed/events/catalogue-timeline.ts';
import { Metering } from '../testbed/metering.ts';
import type { Note } from '../testbed/note.ts';
import { Sampling } from '../testbed/sampling.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { systemClock, within } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { curveOf } from './cache-curve.ts';

/** How long processes may take to write their audit logs out. */
const WAIT: Micros = 5e6;

/**
 * The checks of a trial whose load has not begun. Rejects with a `UserError` when the testbed cannot make an event of the profile, and
 * when the audit log of a target cannot be read.
 */
export async function trialChecks(
  testbed: Testbed,
  settings: Settings,
  instances: readonly string[],
): Promise<TrialChecks> {
  const { audit } = settings.auth;
  const log = typeof audit === 'object' ? await auditLogFile(audit.file, 'auth.audit.file') : undefined;
  return new TrialChecks(testbed, settings, instances, log);
}

class TrialChecks {
  readonly #testbed: Testbed;
  readonly #settings: Settings;
  readonly #metering: Metering;
  readonly #sampling: Sampling;
  readonly #timeline: AuthTimeline;
  readonly #catalogue: CatalogueTimeline;
  /** That of a target. */
  readonly #foreignLog: AuditLogFile | undefined;

  constructor(
    testbed: Testbed,
    settings: Settings,
    instances: readonly string[],
    foreignLog: AuditLogFile | undefined,
  ) {
    this.#testbed = testbed;
    this.#settings = settings;
    this.#foreignLog = foreignLog;
    this.#metering = new Metering(testbed.meters, systemClock);
    this.#sampling = new Sampling(() => testbed.sampled.flatMap((list) => list()), systemClock);
    const { events, catalogueEvents } = settings;
    const { authControls, controls } = testbed;
    this.#timeline = new AuthTimeline({ events, clock: systemClock, controls: authControls, instances });
    this.#catalogue = new CatalogueTimeline({
      events: catalogueEvents,
      clock: systemClock,
      controls,
      // Those that wait to join answer as the others do by then.
      instances: [...instances, ...testbed.standby.map(({ id }) => id)],
    });
  }

  /** Passes on the changes of credentials and of the catalogue. */
  subscribe(listener: (update: LoadUpdate) => void): void {
    this.#testbed.credentials?.subscribe(listener);
    this.#catalogue.subscribe(listener);
  }

  /** The measured time begins at `startUs` on the system's clock. */
  start(startUs: Micros): void {
    this.#timeline.start(startUs);
    this.#catalogue.start(startUs);
    const endUs = startUs + this.#settings.load.durationUs;
    this.#metering.start(startUs, endUs);
    this.#sampling.start(startUs, endUs);
  }

  /** Resolves when no event is under way any more. */
  async end(): Promise<void> {
    await Promise.all([this.#timeline.end(), this.#catalogue.end()]);
  }

  notes(): readonly Note[] {
    return [...this.#timeline.notes(), ...this.#catalogue.notes()];
  }

  /** What the meters counted, the replay of what caches were asked for, and the comparison of the audit logs. */
  async measures(loaded: LoadResult, { seed }: LoadPlan): Promise<Recording['measures']> {
    const { sent } = loaded;
    const resources = await this.#sampling.end();
    const metered = {
      ...(await this.#metering.end()),
      ...(resources && { resources }),
      ...curveOf(loaded, this.#settings, seed),
    };
    if (sent === undefined) return metered;
    await within(WAIT, this.#testbed.authControls.flushAudit?.() ?? Promise.resolve());
    const files = this.#foreignLog === undefined ? await this.#ownLogs() : [this.#foreignLog];
    if (files.length === 0) return metered;
    const { audit } = this.#settings.auth;
    const fields = typeof audit === 'object' ? audit.fields : undefined;
    return { ...metered, audit: await joinAudit({ files, fields, sent, seed }) };
  }

  async #ownLogs(): Promise<readonly AuditLogFile[]> {
    const { auditFolder } = this.#testbed;
    if (auditFolder === undefined) return [];
    return (await auditFilesIn(auditFolder)).map((path) => ({ path }));
  }
}
