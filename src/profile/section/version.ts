/** @module The key `version`. */
import { z } from 'zod';
import { profileSection } from './section.ts';

export const version = profileSection({
  schema: z.literal(1, { error: '1' }).describe('Version of this format.'),
});
