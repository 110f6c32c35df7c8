/** @module `fleet.state`: how built-in servers keep what a client comes back for, and what they hand out for it. */
import type { z } from 'zod';
import { type Millis, parseDuration } from '../../units/time.ts';
import { choice, duration, mapping, meanings } from './values.ts';

const KINDS = {
  memory: {
    means:
      'an id without meaning, and the value in the memory of the instance that made it: every other instance refuses it (the common mistake)',
  },
  store: { means: 'an id without meaning, and the value in a store that all instances share' },
  signed: {
    means: 'a handle that contains the value, signed or encrypted: any instance that has the key reads it',
  },
  'node-encoded': {
    means:
      'an id that names the instance whose memory holds the value, so that a balancer could follow it; every other instance refuses it',
  },
} as const;

const STORES = {
  lmdb: { means: 'embedded, in a folder of this machine' },
  redis: { means: 'the installed `redis-server`, which Paceline starts for each trial, without persistence' },
} as const;

const SESSIONS = {
  memory: {
    means:
      'in the memory of the instance that opened them, as most servers do: every other instance refuses them',
  },
  store: { means: 'in `store`, which every request in a session asks: any instance knows them' },
} as const;

/** Where the value behind a handle is. */
type StateKind = keyof typeof KINDS;

/** How built-in servers keep state. */
export interface StateSettings {
  readonly kind: StateKind;
  /** The store that instances share, where they share one. */
  readonly store: keyof typeof STORES;
  /** Where servers of the era `sessions` keep their sessions. */
  readonly sessions: keyof typeof SESSIONS;
  /** How long a handle is good after it was made or last changed, and a session in the store after it was last used. */
  readonly ttlMs: Millis;
  /** How a `signed` handle is protected: HMAC-SHA256, or JWE (`dir`, A256GCM). */
  readonly protect: 'hmac' | 'jwe';
  /** `own`: every instance has a key of its own, and refuses what another one has signed. */
  readonly keys: 'shared' | 'own';
  /** How long instances sign with a key before they take the next one. Absent: always the same. */
  readonly rotateMs?: Millis;
  /** Whether a `signed` handle that was changed or closed is refused, which takes a list in the store, or is good until its time is over. */
  readonly revocation: 'list' | 'expiry';
}

const namesIn = <Table extends object>(table: Table) =>
  Object.keys(table) as [keyof Table & string, ...(keyof Table & string)[]];

export const State = mapping({
  kind: choice(namesIn(KINDS))
    .default('store')
    .describe(`What a handle is: ${meanings(KINDS)}.`),
  store: choice(namesIn(STORES))
    .default('lmdb')
    .describe(`The store that instances share: ${meanings(STORES)}.`),
  sessions: choice(namesIn(SESSIONS))
    .default('memory')
    .describe(
      `Where the server \`lean\` of the era \`sessions\` keeps its sessions: ${meanings(SESSIONS)}. With \`store\`, a session ends when it was not used for \`ttl\`.`,
    ),
  ttl: duration(1e3, 24 * 3600e6)
    .default('10m')
    .describe('How long a handle is good after it was made or last changed.'),
  protect: choice(['hmac', 'jwe'])
    .default('hmac')
    .describe(
      'How a `signed` handle is protected: `hmac`, HMAC-SHA256, so that clients can read but not change it; `jwe`, encrypted (A256GCM).',
    ),
  keys: choice(['shared', 'own'])
    .default('shared')
    .describe(
      'Whether instances share the key with which they sign: `own` is a planted mistake, and every instance refuses what another one has signed.',
    ),
  rotate: duration(1e6, 24 * 3600e6)
    .optional()
    .describe(
      'How often instances sign with a new key. Handles that an earlier key has signed are good until their time is over. Default: never.',
    ),
  revocation: choice(['expiry', 'list'])
    .default('expiry')
    .describe(
      'How a `signed` handle ends that was changed or closed: `expiry`, not before its time is over; `list`, at once, by a list in the store that every call looks at.',
    ),
});

/** The settings for state in the profile. */
export function completeState(state: z.output<typeof State>): StateSettings {
  const { kind, store, sessions, ttl, protect, keys, rotate, revocation } = state;
  return {
    kind,
    store,
    sessions,
    ttlMs: parseDuration(ttl)! / 1000,
    protect,
    keys,
    ...(rotate !== undefined && { rotateMs: parseDuration(rotate)! / 1000 }),
    revocation,
  };
}
