/** @module Whose what a server keeps for a client is. */
import type { Identity } from '../guard/guard.ts';

/** A client and its user, as one text. Empty when the calls are not checked. */
export function ownerOf(identity: Identity | undefined): string {
  return identity === undefined ? '' : JSON.stringify([identity.client, identity.actor]);
}
