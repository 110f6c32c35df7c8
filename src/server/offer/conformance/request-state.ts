/** @module `requestState` of the tools that ask back: a text and its HMAC, so that what was changed on its way is refused. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signs and checks. */
export interface StateSeal {
  /** `text` as it goes to the client. */
  seal(text: string): string;
  /** What was sealed; `undefined` when it was not sealed here, or has been changed. */
  open(sealed: unknown): string | undefined;
}

/** The seal of all instances of a fleet: its key follows from `seed`, as what it protects is made for tests. */
export function stateSeal(seed: number): StateSeal {
  const signed = (text: string): string =>
    createHmac('sha256', `paceline conformance ${seed}`).update(text).digest('base64url');
  const seal = (text: string): string => `${Buffer.from(text).toString('base64url')}.${signed(text)}`;
  return {
    seal,
    open(sealed) {
      if (typeof sealed !== 'string') return undefined;
      const text = Buffer.from(sealed.split('.', 1)[0]!, 'base64url').toString();
      // The texts are compared: several Base64 texts stand for the same bytes.
      return isSame(sealed, seal(text)) ? text : undefined;
    },
  };
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
