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
  const sign = (text: string): Buffer =>
    createHmac('sha256', `paceline conformance ${seed}`).update(text).digest();
  return {
    seal: (text) => `${Buffer.from(text).toString('base64url')}.${sign(text).toString('base64url')}`,
    open(sealed) {
      const [, coded, signature] =
        (typeof sealed === 'string' && /^([\w-]*)\.([\w-]{43})$/.exec(sealed)) || [];
      if (coded === undefined || signature === undefined) return undefined;
      const text = Buffer.from(coded, 'base64url').toString();
      const given = Buffer.from(signature, 'base64url');
      return timingSafeEqual(given, sign(text)) ? text : undefined;
    },
  };
}
