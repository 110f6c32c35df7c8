/** @module Templates and variables where none is read: they would be sent literally, which nobody means. */
import type { RuleProblem } from '../section/values.ts';

const EXPECTED =
  'plain text: templates are read in the arguments of calls, in the URI of read and in headers, variables in headers';

/** The problem of `text` where neither templates nor variables are read; `undefined` when it has none. Quotes nothing of it. */
export function unreadTemplate(text: unknown): RuleProblem | undefined {
  if (typeof text !== 'string') return undefined;
  if (text.includes('{{')) return { what: 'has a {{...}}, but no template is read here', expected: EXPECTED };
  if (text.includes('${')) return { what: `has a \${...}, but no variable is read here`, expected: EXPECTED };
  return undefined;
}
