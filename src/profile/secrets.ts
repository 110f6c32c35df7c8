/** @module Keeps credentials out of results: the value of a header that carries one is used, not recorded. */

import { unshare } from './source.ts';
import { isMapping, type Mapping } from './values.ts';
import { listOf } from './variants.ts';

const SECRET = /auth|cookie|token|secret|password|api-?key/i;

/** Stands for a value that was used and is not recorded. */
const NOT_RECORDED = '(not recorded)';

/** `document` with the values of credential headers replaced, wherever its target or a variant spells them. */
export function withoutSecrets(document: Mapping): {
  readonly document: Mapping;
  readonly notices: readonly string[];
} {
  const copy = unshare(document);
  const hidden = new Set<string>();
  const hide = (node: unknown, inHeaders: boolean): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      const header = key.replace(/^target\.headers\./, '');
      if ((inHeaders || header !== key) && SECRET.test(header) && typeof value === 'string') {
        (node as Mapping)[key] = NOT_RECORDED;
        hidden.add(header.toLowerCase());
      } else hide(value, key === 'headers' || key === 'target.headers');
    }
  };
  hide(copy['target'], false);
  for (const variant of Array.isArray(copy['variants']) ? copy['variants'] : [])
    if (isMapping(variant)) hide(variant, false);
  const notices =
    [...hidden].length === 0
      ? []
      : [`the value of ${listOf([...hidden])} is sent, and not recorded in the result`];
  return { document: copy, notices };
}
