/** @module The credentials of a load's agents and what their calls should get, as plain data; and how both change during the load. */
import type { AuthTimingSettings } from '../../profile/settings.ts';
import type { Millis } from '../../units/time.ts';

/** What a call should be answered: let through, 401 or 403. */
export type Expected = 'allow' | 'unauthorized' | 'forbidden';

/** A group of agents with the same rights. */
export interface LoadIdentity {
  readonly name: string;
  readonly agents: number;
  /** What kind of refusal its calls measure: `missing`, `expired`, `wrong-scope`; absent: its tokens are good. */
  readonly refusal?: string;
  /** By the index of a call in the mix. */
  readonly expected: readonly Expected[];
  /** Private key of its proofs of possession, as a JWK; with the scheme `DPoP` only. */
  readonly key?: Readonly<Record<string, unknown>>;
}

/** Agents are numbered through the identities, in their order: those of the first come first. */
export interface LoadAuth {
  readonly scheme: 'Bearer' | 'DPoP';
  /** How the result calls the mode; `target` when a target has its own. */
  readonly mode: string;
  readonly identities: readonly LoadIdentity[];
  /**
   * By agent; null: it sends no token. With `perCall` a pool from which each call takes the next one; it is divided among the identities in
   * proportion to their agents, in their order, and begins again when it is used up.
   */
  readonly tokens: readonly (string | null)[];
  /** When the tokens expire; null: not known. From then on, the calls of an agent should get 401; with `perCall` or mode `none` it has no consequence. */
  readonly expiresAtEpochMs?: readonly (Millis | null)[];
  /** Headers that are sent besides, or instead of, a token: those of an `mcp.json`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly perCall: boolean;
  /** URL in the proofs (`htu`). */
  readonly url: string;
  readonly graceUs: number;
  readonly timing: AuthTimingSettings;
  /** Whether a log of what was sent is kept, by the number of a call, to be compared with the audit log. */
  readonly keepsSentLog: boolean;
  /** Kinds of the events that will change rights, in their order. */
  readonly events: readonly string[];
}

/** A change during the load. Times are on the epoch, because threads have clocks of their own. */
export type AuthUpdate =
  /** New tokens of `agents`; null: the agent has none any more. */
  | {
      readonly kind: 'tokens';
      readonly agents: readonly number[];
      readonly tokens: readonly (string | null)[];
      /** When they expire, as in {@link LoadAuth}. */
      readonly expiresAtEpochMs?: readonly (Millis | null)[];
      readonly atEpochMs: Millis;
    }
  /** A change of rights begins; until it is confirmed, calls of `agents` are right either way. */
  | {
      readonly kind: 'begun';
      readonly event: number;
      readonly agents: readonly number[];
      readonly atEpochMs: Millis;
    }
  /** From `atEpochMs` on, calls of `agents` should get `expected`, by the index of a call in the mix. */
  | {
      readonly kind: 'confirmed';
      readonly event: number;
      readonly agents: readonly number[];
      readonly expected: readonly Expected[];
      readonly atEpochMs: Millis;
    };
