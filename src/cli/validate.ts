/** @module `paceline validate PROFILE`: checks a profile and the files of its data, and reports all of their problems; starts and contacts nothing. */
import { DataFiles } from '../experiment/data-files.ts';
import { readProfile } from '../experiment/read-profile.ts';
import { refuseProblems } from '../experiment/variant-problems.ts';
import { plain, plural } from '../report/wording.ts';
import { EXIT } from './exit.ts';
import { type ProfileOptions, profileFlags } from './options.ts';
import { openTerminal } from './terminal.ts';

/** Reads the profile at `path`; resolves with the exit code. Rejects with a `UserError` with every problem. */
export async function validate(path: string, options: ProfileOptions): Promise<number> {
  const { file, title, variants, repetitions, thresholds, notices } = await readProfile(
    path,
    profileFlags(options),
  );
  const data = new DataFiles();
  await refuseProblems(variants, (settings) => data.problemsOf(settings));
  const terminal = openTerminal({ quiet: false, data: false });
  for (const notice of notices) terminal.say(`note: ${notice}`);
  const counts = [
    plural(variants.length, 'variant'),
    plural(repetitions, 'repetition'),
    plural(thresholds.length, 'threshold'),
  ];
  terminal.tell(`${file} is valid: ${plain(title)}, ${counts.join(', ')}`);
  return EXIT.pass;
}
