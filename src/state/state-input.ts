/** @module What an instance of a fleet with `fleet.state` is started with. */
import type { StateSettings } from '../profile/settings.ts';

/** Where a store keeps its values. Plain data, so that it can be passed to a child process. */
export type StorePlace =
  /** In the memory of the process that opens it. */
  | { readonly kind: 'memory' }
  /** In a folder of this machine, which exists; `gate`: the socket of its gate, without which nobody may open it while others change it. */
  | { readonly kind: 'lmdb'; readonly folder: string; readonly gate?: string }
  /** In a Redis or Valkey that listens on a Unix socket. */
  | { readonly kind: 'redis'; readonly socket: string };

/** The settings, the place of the store, and the secret of one instance. */
export interface StateInput {
  readonly settings: StateSettings;
  readonly store: StorePlace;
  /** From which the instance derives its keys: 32 random bytes, base64url. The same for all instances, except with `keys: own`. */
  readonly secret: string;
}
