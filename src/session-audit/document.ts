/** @module What an audit has found, as `--json` prints it: `paceline/session-audit@1`. */
import { z } from 'zod';

export const SESSION_AUDIT_SCHEMA = 'paceline/session-audit@1';

const severity = z.enum(['bad', 'warning', 'info']);

const notRun = z.enum([
  'one-instance',
  'not-pinned',
  'one-identity',
  'no-tools',
  'other-era',
  'not-offered',
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
  }),
});

const subject = z.object({
  subject: z.string().describe('a tool, or a method'),
  status: z.enum(['found', 'clean', 'not-tried']),
  why: notRun.nullable(),
});

export const sessionAudit = z.object({
  schema: z.literal(SESSION_AUDIT_SCHEMA),
  paceline: z.string(),
  seed: z.number().int(),
  target: z.object({
    url: z.string(),
    era: z.enum(['stateless', 'sessions']),
    server: z.object({ name: z.string(), version: z.string() }).nullable(),
    instances: z.array(z.object({ name: z.string(), url: z.string().nullable() })),
    pinned: z.boolean().describe('whether instances were asked at addresses of their own'),
    identities: z.array(z.string()),
  }),
  complete: z.boolean().describe('whether it came to its end, and every request got an answer'),
  ended: z
    .enum(['time', 'requests', 'interrupted'])
    .nullable()
    .describe('why it ended before it was complete'),
  requests: z.number().int(),
  unanswered: z
    .array(z.string())
    .optional()
    .describe(
      'instances, or connections to the endpoint, that did not answer a request; not those of timed-out tools',
    ),
  tools: z.array(
    z.object({
      name: z.string(),
      notCalled: notCalled.nullable().describe('null: it was called'),
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
    }),
  ),
});

export type SessionAudit = z.infer<typeof sessionAudit>;
export type ShownExchange = z.infer<typeof shownExchange>;
