/** @module Think time: a duration, or a range of them. */
import { z } from 'zod';
import { type Micros, parseDuration } from '../../units/time.ts';

/** How long to wait, both bounds included: evenly distributed between them. */
export interface ThinkTime {
  readonly minUs: Micros;
  readonly maxUs: Micros;
}

const LONGEST: Micros = 3600e6;
const ERROR = 'a duration such as 200ms, or a range such as 200ms..2s, up to 1h';
const ONE = '\\d+(\\.\\d+)?(us|ms|s|m|h)';

/** Think time as text. */
export const Think = z
  .string({ error: ERROR })
  .refine((value) => parseThink(value) !== undefined, { error: ERROR })
  .meta({ pattern: `^${ONE}(\\.\\.${ONE})?$`, patternErrorMessage: ERROR });

/** The think time written as `text`: `200ms`, `200ms..2s`; `undefined` when it is none. */
export function parseThink(text: string): ThinkTime | undefined {
  const [from = '', to = from, ...rest] = text.split('..');
  const [minUs, maxUs] = [parseDuration(from), parseDuration(to)];
  if (minUs === undefined || maxUs === undefined || rest.length > 0) return undefined;
  return minUs > maxUs || maxUs > LONGEST ? undefined : { minUs, maxUs };
}
