/** @module How to run both sides of a comparison again, as a block of shell commands in Markdown. */
import type { ComparisonDocument } from '../../../result/regression/document.ts';
import { plain, shorten } from '../../wording.ts';
import { comparisonCommand, measurementCommand } from '../commands.ts';

/** Longer commands are cut: the report has them whole. */
const LONGEST = 600;

/** Lines of Markdown. The fence is longer than any row of backticks in it, so that nothing in it can end it. */
export function again(document: ComparisonDocument): readonly string[] {
  const commands = [
    ...measurementCommand('base', document.base),
    ...measurementCommand('candidate', document.candidate),
    '# comparison',
    comparisonCommand(document),
  ].map((command) => shorten(plain(command), LONGEST));
  const longest = Math.max(
    2,
    ...commands.flatMap((text) => text.match(/`+/g) ?? []).map(({ length }) => length),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, ...commands, fence];
}
