/** @module What an audit has found, as `--json` prints it: `paceline/session-audit@1`. */
import { z } from 'zod';

export const SESSION_AUDIT_SCHEMA = 'paceline/session-audit@1';

const severity = z.enum(['bad', 'warning', 'info']);

const notRun = z.enum([
  'not-pinned',
  'one-identity',
  'no-tools',
  'not-listed',
  'other-era',
  'not-offered',
  'nothing-to-ask',
  'no-success',
  'same-instance',
  'not-told-apart',
  'no-answer',
  'ended',
]);

const notCalled = z.enum([
  'no-hint',
  'destructive',
  'bad-annotation',
  'no-arguments',
  'call-failed',
  'timed-out',
  'no-answer',
  'ended',
]);

/** An exchange without secrets, and with long values cut. */
const shownExchange = z.object({
  number: z.number().int().describe('in the order in which requests were sent, from 1'),
  identity: z.string(),
  sentTo: z.string().describe('an instance, or a connection to the endpoint'),
  servedBy: z.string().nullable().describe('the instance that answered, if it is known'),
  inSession: z.boolean().describe('whether the request carried a session id'),
  request: z.object({
    method: z.string(),
    name: z.string().nullable(),
    params: z.unknown(),
    headers: z.record(z.string(), z.string()).describe('beside those that every request has'),
  }),
  answer: z.object({
    outcome: z.string(),
    status: z.number().int().describe('of HTTP; 0 without an answer'),
    result: z.unknown().optional(),
    error: z
      .object({ code: z.number().nullable(), message: z.string(), data: z.unknown().optional() })
      .optional(),
    detail: z.string().nullable(),
    namesSession: z.boolean().describe('whether the answer has an Mcp-Session-Id'),
    setsCookies: z.boolean().optional().describe('whether the answer has a Set-Cookie'),
  }),
});

const differs = z
  .object({
    at: z
      .string()
      .describe(
        'a JSON pointer into the result; in a text, # begins its own members or the number of a word',
      ),
    values: z
      .tuple([z.string().nullable(), z.string().nullable()])
      .describe(
        'JSON, or a part of it: what is around the first character or word that differs; null: nothing is there',
      ),
  })
  .describe('where the results of the two exchanges differ');

const subject = z.object({
  subject: z.string().describe('a tool, or a method'),
  status: z.enum(['found', 'clean', 'not-tried']),
  why: notRun.nullable(),
});

export const sessionAudit = z.object({
  schema: z.literal(SESSION_AUDIT_SCHEMA),
  paceline: z.string(),
  createdAt: z.string().optional().describe('when it began, ISO 8601'),
  seed: z.number().int(),
  profile: z
    .object({
      file: z.string().describe('as it was named on the command line'),
      variant: z.string(),
      variants: z.number().int().describe('how many the profile has; the others were not audited'),
    })
    .optional()
    .describe('what was started or found for the audit; absent: the endpoint was given by its URL'),
  target: z.object({
    url: z.string(),
    era: z.enum(['stateless', 'sessions']),
    server: z.object({ name: z.string(), version: z.string() }).nullable(),
    instances: z.array(z.object({ name: z.string(), url: z.string().nullable() })),
    pinned: z.boolean().describe('whether instances were asked at addresses of their own'),
    identities: z.array(z.string()),
  }),
  complete: z
    .boolean()
    .describe('whether it came to its end, every request got an answer, and every list was read'),
  ended: z
    .enum(['time', 'requests', 'interrupted'])
    .nullable()
    .describe('why it ended before it was complete'),
  requests: z
    .number()
    .int()
    .describe(
      'with those by which an endpoint was found; without those by which what a profile names was found or started',
    ),
  unanswered: z
    .array(z.string())
    .optional()
    .describe(
      'instances, or connections to the endpoint, that did not answer a request; not those of timed-out tools',
    ),
  notListed: z.array(z.string()).optional().describe('methods of lists that could not be read'),
  sessionsLost: z
    .number()
    .int()
    .optional()
    .describe(
      'requests before the checks that were answered that their session is not known; each was made again',
    ),
  tools: z.array(
    z.object({
      name: z.string(),
      notCalled: notCalled.nullable().describe('null: it was called with success'),
      steps: z.array(z.string()).describe('the tools that were called for it, in order, itself the last'),
    }),
  ),
  checksMade: z
    .object({ made: z.number().int(), of: z.number().int() })
    .optional()
    .describe('how many of the checks were made'),
  checks: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      severity,
      fix: z.string(),
      status: z.enum(['found', 'clean', 'not-run']),
      why: notRun.nullable(),
      nothingToAsk: z.string().optional().describe('what there was none of, if a why is nothing-to-ask'),
      unanswered: z.array(z.string()).optional().describe('as above, to a request of this check'),
      subjects: z.array(subject),
    }),
  ),
  findings: z.array(
    z.object({
      check: z.string(),
      severity,
      subject: z.string(),
      title: z.string(),
      seen: z.string(),
      fix: z.string(),
      evidence: z.tuple([shownExchange, shownExchange]),
      differs: differs.optional(),
    }),
  ),
});

export type SessionAudit = z.infer<typeof sessionAudit>;
export type ShownExchange = z.infer<typeof shownExchange>;
export type ShownDifference = z.infer<typeof differs>;

/** Whether more of `checks` were left out because instances have no addresses of their own than were made: then nothing found says little. */
export const mostNeedAddresses = (
  checks: readonly Pick<SessionAudit['checks'][number], 'status' | 'why'>[],
): boolean => checks.filter(({ why }) => why === 'not-pinned').length > checksMadeOf(checks).made;

/** How many of `checks` were made. */
export const checksMadeOf = (
  checks: readonly Pick<SessionAudit['checks'][number], 'status'>[],
): NonNullable<SessionAudit['checksMade']> => ({
  made: checks.filter(({ status }) => status !== 'not-run').length,
  of: checks.length,
});
