/** @module The key `cache`: whether agents cache lists. */
import { z } from 'zod';
import { variantSection } from './section.ts';
import { mapping } from './values.ts';

export const cache = variantSection({
  schema: mapping({
    honour: z
      .literal(false, { error: 'false' })
      .default(false)
      .describe('Whether agents cache lists for `ttlMs`.'),
  })
    .prefault({})
    .describe('What agents do about `ttlMs`.'),
  planned: { 'cache.honour': (honour) => honour === true },
});
