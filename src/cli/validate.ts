/** @module `paceline validate PROFILE`: checks a profile and reports all of its problems; starts and contacts nothing. */
import { readProfile } from '../experiment/parse-profile.ts';
import { plural } from '../report/wording.ts';
import { EXIT } from './exit.ts';
import { type ProfileOptions, profileFlags } from './options.ts';
import { openTerminal } from './terminal.ts';

/** Reads the profile at `path`; resolves with the exit code. Rejects with a `UserError` with every problem. */
export async function validate(path: string, options: ProfileOptions): Promise<number> {
  const { file, title, variants, repetitions, thresholds, notices } = await readProfile(
    path,
    profileFlags(options),
  );
  const terminal = openTerminal({ quiet: false, data: false });
  for (const notice of notices) terminal.say(`note: ${notice}`);
  const counts = [
    plural(variants.length, 'variant'),
    plural(repetitions, 'repetition'),
    plural(thresholds.length, 'threshold'),
  ];
  terminal.tell(`${file} is valid: ${title}, ${counts.join(', ')}`);
  return EXIT.pass;
}
