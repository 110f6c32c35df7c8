/** @module The revision of the code in whose folder a run was started. */
import { z } from 'zod';

export const Revision = z.object({
  /** As the version control system names it: with git 40 hexadecimal digits. */
  commit: z.string(),
  /** Whether tracked files differed from the commit; absent where that is not known. */
  isDirty: z.boolean().optional(),
});
export type Revision = z.infer<typeof Revision>;

/** How many digits of a commit are shown. */
const SHOWN = 10;

/** For people: `1a2b3c4d5e`, `1a2b3c4d5e-dirty`. */
export const revisionText = ({ commit, isDirty }: Revision): string =>
  `${commit.slice(0, SHOWN)}${isDirty === true ? '-dirty' : ''}`;
