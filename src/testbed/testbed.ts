/** @module The testbed of a trial: a list of parts, started in order and always stopped in reverse order. */
import type { Note } from './note.ts';
import type { Endpoint, Offer, Part, StartContext, StartedPart } from './part.ts';

/** A running testbed. */
export interface Testbed extends Offer {
  readonly endpoint: Endpoint;
  /** The notes of its parts so far. */
  notes(): readonly Note[];
  /** Stops every part, the last one first, even when one of them fails to stop; in that case rejects after all have been stopped. */
  stop(): Promise<void>;
}

const NOTHING: Offer = {
  instances: [],
  standby: [],
  controls: {},
  authControls: {},
  meters: [],
  sampled: [],
};

/**
 * Starts `parts` one after the other. Rejects with the error of the part that fails, and with the signal's reason when
 * aborted; in either case the started parts have been stopped by then.
 */
export async function startTestbed(
  parts: readonly Part[],
  context: Omit<StartContext, 'offered'> = {},
): Promise<Testbed> {
  const started: StartedPart[] = [];
  try {
    let offered = NOTHING;
    for (const part of parts) {
      context.signal?.throwIfAborted();
      const up = await part.start({ ...context, offered });
      started.push(up);
      offered = combine(offered, up.offers);
    }
    context.signal?.throwIfAborted();
    return testbedOf(started, offered);
  } catch (error) {
    // The first failure is the one to report.
    await stopAll(started).catch(() => {});
    throw error;
  }
}

function combine(offered: Offer, added: Partial<Offer>): Offer {
  return {
    ...offered,
    ...added,
    controls: { ...offered.controls, ...added.controls },
    authControls: { ...offered.authControls, ...added.authControls },
    meters: [...offered.meters, ...(added.meters ?? [])],
    sampled: [...offered.sampled, ...(added.sampled ?? [])],
  };
}

function testbedOf(parts: readonly StartedPart[], offered: Offer): Testbed {
  const { endpoint } = offered;
  if (endpoint === undefined) throw new Error('No part of the testbed offers an endpoint');
  return {
    ...offered,
    endpoint,
    notes: () => parts.flatMap((part) => part.notes()),
    stop: () => stopAll(parts),
  };
}

async function stopAll(parts: readonly StartedPart[]): Promise<void> {
  const errors: unknown[] = [];
  for (const part of parts.toReversed()) {
    try {
      await part.stop();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, 'Several parts of the testbed failed to stop');
}
