/** @module The key `agents`: what agents do as clients, beyond their calls. */
import type { z } from 'zod';
import { type AnswerSettings, Answers, completeAnswers } from './answers.ts';
import { eraOf } from './endpoint.ts';
import { variantSection } from './section.ts';
import { choice, flag, isMapping, mapping } from './values.ts';

const COOKIES = ['keep', 'drop'] as const;
/** What agents do about cookies. */
export type CookieSetting = (typeof COOKIES)[number];

const Agents = mapping({
  cookies: choice(COOKIES)
    .default('keep')
    .describe(
      'What agents do about the cookies of a server or balancer: `keep`, send them back with every later request, each agent its own, as many clients do; `drop`, ignore them, as other clients do. Path and domain of a cookie are not looked at. A header `Cookie` in `target.headers` replaces them.',
    ),
  answers: Answers.optional().describe(
    'What agents answer when a server asks for input before it answers a call (`input_required`). The call then ends with its final answer, and its response time spans all rounds. Without it, agents declare no such capability, and a call that is asked back has ended as `input-required`. Only in the era `stateless`.',
  ),
  apps: flag()
    .default(false)
    .describe(
      'Whether agents declare that they show MCP Apps (extension `io.modelcontextprotocol/ui`). Only in the era `stateless`.',
    ),
});

/** What agents do as clients. */
export interface AgentSettings {
  readonly cookies: CookieSetting;
  /** Absent: they answer nothing. */
  readonly answers?: AnswerSettings;
  /** Whether they declare the extension for apps. */
  readonly apps: boolean;
}

export const agents = variantSection({
  schema: Agents.prefault({}).describe('What agents do as clients.'),
  rule(profile) {
    const { agents: given } = profile;
    const { era, setBy } = eraOf(profile);
    if (era !== 'sessions' || !isMapping(given)) return [];
    return (['answers', 'apps'] as const).flatMap((key) =>
      given[key] === undefined || given[key] === false
        ? []
        : {
            path: ['agents', key],
            problem: {
              what: 'has no effect in the era sessions, whose servers ask in requests of their own',
              expected: `${setBy} stateless`,
              todo: `leave agents.${key} out; if other variants need it, set it in those`,
            },
          },
    );
  },
  complete: ({ cookies, answers, apps }: z.output<typeof Agents>): { readonly agents: AgentSettings } => ({
    agents: { cookies, apps, ...(answers && { answers: completeAnswers(answers) }) },
  }),
});
