/** @module How messages name the variants that they apply to. */
import { listOf } from '../units/words.ts';

/** ` (variants "a" and "b")`, appended to a place; empty when there are no names. */
export function inVariants(names: readonly string[]): string {
  if (names.length === 0) return '';
  return ` (variant${names.length > 1 ? 's' : ''} ${listOf(names.map((name) => JSON.stringify(name)))})`;
}
