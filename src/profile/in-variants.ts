/** @module How messages name the variants that something is about. */
import { listOf } from '../units/words.ts';

/** ` (variants "a" and "b")`, to follow a place; empty without names. */
export function inVariants(names: readonly string[]): string {
  if (names.length === 0) return '';
  return ` (variant${names.length > 1 ? 's' : ''} ${listOf(names.map((name) => JSON.stringify(name)))})`;
}
