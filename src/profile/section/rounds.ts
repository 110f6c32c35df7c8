/** @module `fleet.rounds`: a tool of built-in servers that asks back before it answers. */
import type { z } from 'zod';
import { type Millis, parseDuration } from '../../units/time.ts';
import { bytes, duration, flag, integer, mapping, parseBytes } from './values.ts';

/** How the tool `deploy` asks. */
export interface RoundSettings {
  /** How often it asks before it answers. */
  readonly rounds: number;
  /** How long a `requestState` is good. */
  readonly ttlMs: Millis;
  /** Whether a `requestState` is good once only. */
  readonly once: boolean;
  /** What is added to each `requestState`, as if the server kept more in it. */
  readonly stateBytes: number;
}

export const Rounds = mapping({
  rounds: integer(1, 100).default(1).describe('How often `deploy` asks before it answers.'),
  ttl: duration(1e3, 24 * 3600e6)
    .default('10m')
    .describe('How long a `requestState` is good.'),
  once: flag()
    .default(false)
    .describe(
      'Whether a `requestState` is good once only. Used ones are noted where `fleet.state` keeps values: in a store that all instances share, or in the memory of each.',
    ),
  stateBytes: bytes(65_536)
    .default(0)
    .describe(
      'Bytes that are added to each `requestState` before it is encoded, as if the server kept more in it.',
    ),
});

/** The complete settings. */
export function completeRounds({ rounds, ttl, once, stateBytes }: z.output<typeof Rounds>): RoundSettings {
  return { rounds, ttlMs: parseDuration(ttl)! / 1000, once, stateBytes: parseBytes(stateBytes)! };
}
