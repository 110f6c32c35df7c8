/** @module What a server hands out for a value that a client comes back for: one interface, one implementation per kind. */

/**
 * Handles for text values. `owner` is who calls, empty where that is not known. A handle that is unknown, over, revoked, changed by somebody
 * or given to another owner is the same to a caller: undefined. Methods reject only when the store cannot be reached.
 */
export interface Handles {
  /** Keeps `value` for `owner` and gives the handle for it. */
  create(value: string, owner: string): Promise<string>;
  read(handle: string, owner: string): Promise<string | undefined>;
  /** Replaces the value by `alter` of it; the lifetime begins anew. Gives the new value, and the handle for it, which differs from the old one where the handle contains the value. */
  change(handle: string, owner: string, alter: (value: string) => string): Promise<Changed | undefined>;
  /** Whether another key has taken the place of the one that it says it was signed with. It may be good all the same. */
  isRotated(handle: string): boolean;
  /** Whether there was something to revoke. */
  revoke(handle: string, owner: string): Promise<boolean>;
}

export interface Changed {
  readonly handle: string;
  readonly value: string;
}
