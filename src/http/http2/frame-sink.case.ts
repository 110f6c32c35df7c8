/** @module A receiver of frames for tests, which cares for some kinds of frames only. */
import type { FrameSink } from './frame-reader.ts';

const taken = (): undefined => undefined;

/** Accepts every frame, and does with some what `parts` say. */
export function frameSink(parts: Partial<FrameSink> = {}): FrameSink {
  return {
    headers: taken,
    data: taken,
    reset: taken,
    settings: taken,
    settingsAcknowledged: taken,
    ping: taken,
    goAway: taken,
    windowUpdate: taken,
    ...parts,
  };
}
