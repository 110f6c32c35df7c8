/** @module Protects a text that is handed to clients and comes back. */

/** Seals text for an owner. */
export interface Seal {
  /** The sealed text, of characters that need no escape in JSON and URLs. */
  seal(text: string, owner: string): string | Promise<string>;
  /** The text; undefined when it was not sealed so, with a key that is still good, for this owner. */
  open(sealed: string, owner: string): string | undefined | Promise<string | undefined>;
  /** Whether it says that it was sealed with an earlier key than the present one. */
  isRotated(sealed: string): boolean;
}
