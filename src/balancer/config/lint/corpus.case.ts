/** @module The corpus: configurations with planted mistakes (`# expect: rule-id` on the line), each with a corrected version. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_KINDS, type ConfigKind } from '../../../profile/balancer-kinds.ts';

/** One file of the corpus. */
export interface CorpusFile {
  /** `nginx/stream-timeout-default.bad.conf`. */
  readonly name: string;
  readonly kind: ConfigKind;
  readonly text: string;
  /** The findings that `# expect:` comments announce, as `line rule`; empty for a correct file. */
  readonly expected: readonly string[];
  /** What the file needs beyond the installed balancer (`# requires: ...`). */
  readonly requires?: string;
}

const FOLDER = join(import.meta.dirname, 'corpus');

/** All files of the corpus. */
export const corpus: readonly CorpusFile[] = CONFIG_KINDS.flatMap((kind) =>
  readdirSync(join(FOLDER, kind))
    .sort()
    .map((file) => {
      const text = readFileSync(join(FOLDER, kind, file), 'utf8');
      const requires = /^# requires: (.+)$/m.exec(text)?.[1];
      const expected = expectedIn(text);
      return {
        name: `${kind}/${file}`,
        kind,
        text,
        expected,
        ...(requires === undefined ? {} : { requires }),
      };
    }),
);

/** `# expect: a b` in YAML and configurations; `"//": "expect: a"` on a line of its own refers to the next line of JSON. */
function expectedIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, mark, rules] = /(#|"\/\/": ") ?expect: ([\w -]+)/.exec(line) ?? [];
    const at = mark === '#' ? index + 1 : index + 2;
    return rules === undefined
      ? []
      : rules
          .trim()
          .split(/ +/)
          .map((rule) => `${at} ${rule}`);
  });
}
