/** @module The key `data`: files whose rows give values to the templates of calls. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { SAVED } from '../template/placeholder.ts';
import { variantSection } from './section.ts';
import { choice, isMapping, type Mapping, text, violationAt } from './values.ts';

const PICKS = ['sequential', 'random'] as const;
/** Which row an arrival gets: the next one, beginning again after the last, or any of them. */
type Pick = (typeof PICKS)[number];

/** Files of rows; they are read before the first trial. */
export interface DataSettings {
  readonly pick: Pick;
  readonly files: readonly DataFile[];
}

interface DataFile {
  /** What stands before the dot in `{{users.email}}`. */
  readonly name: string;
  readonly path: string;
}

const NAME = /^[A-Za-z_][\w-]*$/;

export const data = variantSection({
  schema: z
    .object(
      {
        pick: choice(PICKS)
          .optional()
          .describe(
            'Which row an arrival gets: `sequential` (the default), one after the other, or `random`, seeded.',
          ),
      },
      { error: 'a mapping of names to files' },
    )
    .catchall(text('the path of a CSV file or of a file with JSON lines'))
    .optional()
    .describe(
      'Files of rows for `{{templates}}`, by name: `{ users: users.csv }`, for `{{users.email}}`. Paths are relative to the profile (see below).',
    ),
  rule: (profile) =>
    namesIn(profile).flatMap((name) =>
      violationAt(
        ['data', name],
        NAME.test(name) && name !== SAVED
          ? undefined
          : { what: `"${name}" is no name of data`, expected: `letters, digits, _ and -, and not ${SAVED}` },
      ),
    ),
  complete(value, { folder }): { readonly data?: DataSettings } {
    if (value === undefined) return {};
    const { pick = PICKS[0], ...files } = value;
    const named = Object.entries(files).map(([name, path]) => ({
      name,
      path: resolve(folder, path as string),
    }));
    return { data: { pick: pick as Pick, files: named } };
  },
  docs: `
## Data

\`data: { users: users.csv, items: items.jsonl, pick: random }\` gives templates the values of a row: \`{{users.email}}\`. A file whose name ends in \`.csv\` has a
header; any other file has one JSON object in each line. An arrival gets one row of each file, by its number (\`sequential\`, beginning again after the
last row) or drawn from the seed (\`random\`), whichever thread makes it; all calls of a flow have the same row. A string that consists of
one reference only becomes the value with its JSON type; values of CSV are text. Files are read before the first trial: a file that is missing, has no rows, two columns of one name or bytes that are no UTF-8, and a column
that a row lacks, are errors.
`,
});

/** The names of the data of a profile that may contain errors. */
export function namesIn(profile: Mapping): readonly string[] {
  const { data: files } = profile;
  return isMapping(files) ? Object.keys(files).filter((name) => name !== 'pick') : [];
}
