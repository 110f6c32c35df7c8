/** @module The key `repetitions`: how many times each variant is run. */
import { profileSection } from './section.ts';
import { integer } from './values.ts';

/** Enough to compute a confidence interval over repetitions. */
const OF_SEVERAL_VARIANTS = 3;

export const repetitions = profileSection({
  schema: integer(1, 1000)
    .optional()
    .describe(
      `How many times each variant is run; the runs are interleaved. Default ${OF_SEVERAL_VARIANTS}; 1 when there is a single variant.`,
    ),
  complete: (repetitions, { variants }): { readonly repetitions: number } => ({
    repetitions: repetitions ?? (variants > 1 ? OF_SEVERAL_VARIANTS : 1),
  }),
  flags: {
    read: ({ repetitions }) => ({
      changes:
        repetitions === undefined
          ? []
          : [
              {
                flag: '--repetitions',
                changes: 'base',
                apply: (document) =>
                  document.override(['repetitions'], repetitions, { kind: 'flag', flag: '--repetitions' }),
              },
            ],
      problems: [],
    }),
    docs: '- `--repetitions N` replaces `repetitions`.\n',
  },
});
