/** @module A version of HTTP as a value of a profile. */
import { z } from 'zod';
import { HTTP_CHOICES, type HttpChoice, type HttpVersion } from '../kinds.ts';

/** YAML reads `1.1` and `2` as numbers. */
const HTTP_VALUES = ['auto', 1.1, 2, '1.1', '2'] as const;

/** The key, whose default is `auto`. */
export const httpChoice = (): z.ZodDefault<z.ZodLiteral<(typeof HTTP_VALUES)[number]>> =>
  z.literal(HTTP_VALUES, { error: 'auto, 1.1 or 2' }).default('auto');

/** What a value of it selects; `undefined` when it is not valid. */
export function choiceOf(http: unknown = 'auto'): HttpChoice | undefined {
  return HTTP_CHOICES.find((choice) => choice === String(http));
}

/** The version that a valid value selects; `undefined` for `auto`. */
export function versionOf(http: unknown): HttpVersion | undefined {
  const choice = choiceOf(http);
  return choice === 'auto' ? undefined : choice;
}
