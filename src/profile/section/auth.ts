/** @module The key `auth`: how calls are authorized. */
import { variantSection } from './section.ts';
import { choice, mapping } from './values.ts';

export const auth = variantSection({
  schema: mapping({
    mode: choice(['none']).default('none').describe('How calls are authorized.'),
  })
    .prefault({})
    .describe('Authorization of the calls.'),
  planned: { 'auth.mode': (mode) => typeof mode === 'string' },
});
