/** @module A `requestState` that has come back to a tool: how it is refused, and when it was used before. */
import type { RoundSettings } from '../../profile/settings.ts';
import type { Store } from '../../state/store.ts';
import type { ToolRefusal } from '../tool-answer.ts';
import type { StateCodec } from './request-state.ts';

/** What tools need that get their calls in several rounds. */
export interface RoundOptions {
  readonly settings: RoundSettings;
  readonly codec: StateCodec;
  /** Where used states are noted; absent: a state may come back several times. */
  readonly used?: Promise<Store> | undefined;
}

/** As the official SDK refuses a state; the revision leaves the code open. */
export const INVALID_STATE: ToolRefusal = {
  kind: 'refused',
  code: -32602,
  message: 'Invalid params: requestState is not valid',
  data: { reason: 'invalid_request_state' },
};

/** Notes in `used`, if there is one, that a state has come back; false when it had before. */
export async function isFirstUse(
  state: string,
  { ttlMs }: RoundSettings,
  used: Promise<Store> | undefined,
): Promise<boolean> {
  if (used === undefined) return true;
  const store = await used;
  return store.replace(`state ${state.slice(state.lastIndexOf('.') + 1)}`, undefined, 'used', ttlMs);
}
