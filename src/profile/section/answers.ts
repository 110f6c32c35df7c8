/** @module `agents.answers`: what agents answer when a server asks for input. */
import { z } from 'zod';
import { INPUT_KINDS, type InputRules } from '../../protocol/rounds/input-answer.ts';
import { type Micros, parseDuration } from '../../units/time.ts';
import { choice, duration, integer, mapping, text } from './values.ts';

/** What agents answer, and how often. */
export interface AnswerSettings extends InputRules {
  /** How often one call is answered at most. */
  readonly rounds: number;
  /** Before each answer, when the server has asked for something. */
  readonly thinkUs: Micros;
}

/** An agent that thinks is not interrupted when the run is. */
const LONGEST_THINK: Micros = 10e6;
const NEEDED = 'at least one kind of input';

export const Answers = mapping({
  to: z
    .array(choice(INPUT_KINDS), { error: NEEDED })
    .min(1, { error: NEEDED })
    .default([...INPUT_KINDS])
    .describe(
      'What agents answer, and declare in the capabilities of every request: `form`, each property of a form with its default, else the least value that its schema allows; `url`, the visit to a URL, with `accept`; `roots`, their list of roots; `sampling`, a message of their model.',
    ),
  rounds: integer(1, 100)
    .default(10)
    .describe(
      'How often one call is answered at most. A call that is asked back once more ends as `input-required`.',
    ),
  think: duration(0, LONGEST_THINK)
    .default('0s')
    .describe('How long agents think before an answer; not where a server gives only `requestState`.'),
  roots: z
    .array(text('a URI'), { error: 'a list of URIs' })
    .default(['file:///workspace'])
    .describe('URIs of the roots of agents.'),
  text: text('a text').default('Yes, go on.').describe('What the model of agents says.'),
});

/** The complete settings. */
export function completeAnswers({
  to,
  rounds,
  think,
  roots,
  text: said,
}: z.output<typeof Answers>): AnswerSettings {
  return { kinds: to, rounds, thinkUs: parseDuration(think)!, roots, text: said };
}
