/** @module Sample documents of audits, for tests: one with findings of every severity and names that need care, one without any. */
import type { SessionAudit, ShownExchange } from '../../session-audit/document.ts';

const exchange = (
  number: number,
  instance: string,
  answer: Partial<ShownExchange['answer']>,
): ShownExchange => ({
  number,
  identity: 'anyone',
  sentTo: instance,
  servedBy: instance,
  inSession: false,
  request: {
    method: 'tools/call',
    name: 'get_basket',
    params: { name: 'get_basket', arguments: { basket_id: 'b-7' } },
    headers: {},
  },
  answer: { outcome: 'ok', status: 200, detail: null, namesSession: false, ...answer },
});

const made = exchange(31, 'a', { result: { content: [{ type: 'text', text: '<b>two\u0007 apples</b>' }] } });
const unknown = exchange(32, 'b', {
  outcome: 'rpc-error',
  error: { code: -32602, message: 'Unknown basket b-7' },
  detail: '-32602 Unknown basket b-7',
});

/** Cut before the place where two results differ. */
const LONG = `${'the same words '.repeat(19)}...`;

const finding = {
  check: 'handle-unknown',
  severity: 'bad',
  subject: 'get_basket',
  title: 'A handle is known to one instance only',
  seen: 'a basket that was made at a is unknown at b',
  fix: 'keep what handles stand for in a store that all instances share, or in the handle itself',
  evidence: [made, unknown],
} satisfies SessionAudit['findings'][number];

/** Found something. */
export const FAULTY: SessionAudit = {
  schema: 'paceline/session-audit@1',
  paceline: '0.0.0',
  seed: 1,
  profile: { file: 'shop/<baskets>.yaml', variant: 'two\u0007copies', variants: 3 },
  target: {
    url: 'http://127.0.0.1:3000/mcp',
    era: 'stateless',
    server: { name: 'baskets', version: '1.2.3' },
    instances: [
      { name: 'a', url: 'http://127.0.0.1:3001/mcp' },
      { name: 'b', url: 'http://127.0.0.1:3002/mcp' },
    ],
    pinned: true,
    identities: ['anyone'],
  },
  complete: true,
  ended: null,
  requests: 40,
  tools: [
    { name: 'create_basket', notCalled: null, steps: ['create_basket'] },
    { name: 'get_basket', notCalled: null, steps: ['create_basket', 'get_basket'] },
    { name: 'empty_basket', notCalled: 'destructive', steps: [] },
    { name: 'pay', notCalled: 'no-hint', steps: [] },
  ],
  checks: [
    {
      name: 'handle-unknown',
      title: finding.title,
      severity: 'bad',
      fix: finding.fix,
      status: 'found',
      why: null,
      subjects: [
        { subject: 'get_basket', status: 'found', why: null },
        { subject: 'create_basket', status: 'clean', why: null },
      ],
    },
    {
      name: 'old-feature',
      title: 'A feature is used that will be removed',
      severity: 'info',
      fix: 'stop using it',
      status: 'found',
      why: null,
      subjects: [
        { subject: 'tools/list', status: 'found', why: null },
        { subject: 'get_basket', status: 'not-tried', why: 'no-success' },
      ],
    },
    {
      name: 'decided-differently',
      title: 'Instances decide differently',
      severity: 'warning',
      fix: 'deploy the same policy',
      status: 'not-run',
      why: 'one-identity',
      subjects: [],
    },
    {
      name: 'result-differs',
      title: 'A result depends on the instance',
      severity: 'warning',
      fix: 'compute it from the arguments',
      status: 'found',
      why: null,
      subjects: [{ subject: 'get_basket', status: 'found', why: null }],
    },
    {
      name: 'task-unknown',
      title: 'A task is known to one instance only',
      severity: 'bad',
      fix: 'keep tasks in a store that all instances share',
      status: 'not-run',
      why: 'nothing-to-ask',
      nothingToAsk: 'no call became a task',
      subjects: [],
    },
  ],
  findings: [
    finding,
    {
      ...finding,
      check: 'old-feature',
      severity: 'info',
      subject: 'tools/list',
      title: 'A feature is used that will be removed',
      seen: 'the list names "<script>"',
      fix: 'stop using it',
    },
    {
      ...finding,
      check: 'result-differs',
      severity: 'warning',
      title: 'A result depends on the instance',
      seen: 'a and b answered the same call differently at /content/0/text#41',
      fix: 'compute it from the arguments',
      evidence: [
        exchange(33, 'a', { result: { content: [{ type: 'text', text: LONG }] } }),
        exchange(34, 'b', { result: { content: [{ type: 'text', text: LONG }] }, setsCookies: true }),
      ],
      differs: {
        at: '/content/0/text#41',
        values: ['"of the copy <a> on this"', '"of the copy <b> on this"'],
      },
    },
  ],
};

const { profile: _, ...OF_ENDPOINT } = FAULTY;

/** Found nothing, over connections to one endpoint, and ended early. */
export const CLEAN: SessionAudit = {
  ...OF_ENDPOINT,
  target: { ...FAULTY.target, server: null, instances: [], pinned: false },
  complete: false,
  ended: 'time',
  checks: FAULTY.checks.map((check) => ({
    ...check,
    status: check.why === null ? 'clean' : 'not-run',
    subjects: check.subjects.map(({ subject }) => ({ subject, status: 'clean', why: null })),
  })),
  findings: [],
};
