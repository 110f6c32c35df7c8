import { describe, expect, it } from 'vitest';
import { type Answer, audited, type Copies, healthy, startCopies } from './audited.case.ts';
import { needsSession } from './checks/needs-session.ts';
import { taskUnknownElsewhere } from './checks/task-unknown-elsewhere.ts';
import { sessionAudit as schema } from './document.ts';

const checks = [needsSession];
const sessions = { era: 'sessions', checks } as const;

/** Each copy knows only the sessions that it opened. */
const forgetful: Answer = (received, headers) => {
  const { method, instance } = received;
  if (method !== 'initialize' && received.headers['mcp-session-id'] !== `session-of-${instance}`)
    return undefined;
  const answer = healthy(received, headers);
  if (method === 'initialize') headers['mcp-session-id'] = `session-of-${instance}`;
  return answer;
};

/** Copies of the sessions era that need no session. */
const withoutSessions: Answer = (received, headers) => {
  const answer = healthy(received, headers);
  delete headers['mcp-session-id'];
  return answer;
};

/** Addresses where nothing listens any more. */
async function gone(names: readonly string[]): Promise<Copies['instances']> {
  const copies = await startCopies(healthy, names);
  await copies.stop();
  return copies.instances;
}

/** A balancer in front of copies, that sends each request to the next one. */
function turns(names: readonly string[], ownSessions: boolean): Answer {
  let turn = 0;
  return (received, headers) => {
    const instance = names[turn % names.length]!;
    turn += 1;
    headers['x-served-by'] = instance;
    if (instance === '') delete headers['x-served-by'];
    return (ownSessions ? forgetful : healthy)({ ...received, instance }, headers);
  };
}

describe('an audit', () => {
  it('finds sessions that one copy keeps, with the two exchanges that prove it', async () => {
    const { audit } = await audited(forgetful, sessions);
    expect(schema.parse(audit)).toEqual(audit);
    const [finding] = audit.findings;
    expect(finding).toMatchObject({ check: 'needs-session', severity: 'bad', subject: 'tools/list' });
    const [here, there] = finding!.evidence;
    expect(here).toMatchObject({ inSession: true, answer: { outcome: 'ok' } });
    expect(there).toMatchObject({ inSession: true, answer: { outcome: 'session-lost', status: 404 } });
    expect(here.servedBy).not.toBe(there.servedBy);
    expect(audit.checks).toMatchObject([
      { status: 'found', subjects: [{ subject: 'tools/list', status: 'found' }] },
    ]);
  });

  it('finds nothing where all copies know a session', async () => {
    const { audit } = await audited(healthy, sessions);
    expect(audit.findings).toEqual([]);
    expect(audit.checks).toMatchObject([
      { status: 'clean', subjects: [{ subject: 'tools/list', status: 'clean' }] },
    ]);
  });

  describe.each([2, 3, 4, 5])('of an endpoint with %i copies that take turns', (count) => {
    const names = Array.from({ length: count }, (_, index) => `copy-${index}`);

    it.each([1, 2, 3])('finds sessions that one copy keeps, with seed %i', async (seed) => {
      const { audit } = await audited(turns(names, true), { ...sessions, instances: [], seed });
      const [finding] = audit.findings;
      expect(finding).toMatchObject({ check: 'needs-session' });
      expect(finding!.evidence[0].servedBy).not.toBe(finding!.evidence[1].servedBy);
    });

    it('finds nothing where all copies know a session', async () => {
      const { audit } = await audited(turns(names, false), { ...sessions, instances: [] });
      expect(audit.checks).toMatchObject([{ status: 'clean' }]);
    });
  });

  it('knows the tools behind a balancer that takes turns, and says how often a session was not known', async () => {
    const { audit } = await audited(turns(['a', 'b', 'c'], true), { ...sessions, instances: [] });
    expect(audit.tools).toMatchObject([
      { name: 'get_basket', notCalled: null },
      { name: 'create_basket', notCalled: 'no-hint' },
      { name: 'erase', notCalled: 'destructive' },
    ]);
    expect(audit).toMatchObject({ complete: true, notListed: [] });
    expect(audit.sessionsLost).toBeGreaterThan(0);
    expect(audit.findings.map(({ check }) => check)).toEqual(['needs-session']);
  });

  it('is not complete, and says nothing of tools, where no answer came from the instance of the session', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `copy-${index}`);
    const { audit } = await audited(turns(names, true), { era: 'sessions', instances: [] });
    expect(audit).toMatchObject({ complete: false, ended: null, notListed: ['tools/list'], findings: [] });
    const why = (name: string) => audit.checks.find((check) => check.name === name)?.why;
    expect(why('needs-session')).toBe('no-success');
  });

  it.each([
    ['one copy answers', turns(['a'], true), 'same-instance'],
    ['answers name no copy', turns([''], true), 'not-told-apart'],
  ])('does not call sessions shared when %s', async (_, answer, why) => {
    const { audit } = await audited(answer, { ...sessions, instances: [] });
    expect(audit.checks).toMatchObject([{ status: 'not-run', why }]);
  });

  it.each([
    ['the result', { serverInfo: { name: 'copies', version: '2' } }],
    ['its _meta', { _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'copies', version: '2' } } }],
  ])('reads the name of the server from %s', async (_, said) => {
    const answer: Answer = (received, headers) =>
      received.method === 'server/discover'
        ? { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...said }
        : healthy(received, headers);
    const { audit } = await audited(answer, { checks });
    expect(audit.target.server).toEqual({ name: 'copies', version: '2' });
  });

  it('is not complete when a list could not be read, and calls no server one without tools', async () => {
    const answer: Answer = (received, headers) =>
      received.method === 'tools/list' ? { code: -32603, message: 'no' } : healthy(received, headers);
    const { audit } = await audited(answer, {
      identities: [
        { name: 'a', headers: {} },
        { name: 'b', headers: {} },
      ],
    });
    expect(audit).toMatchObject({ complete: false, ended: null, notListed: ['tools/list'] });
    const reasons = new Set(audit.checks.map(({ why }) => why));
    expect(reasons).toContain('not-listed');
    expect(reasons).not.toContain('no-tools');
  });

  it('says why a check was not made', async () => {
    const { audit } = await audited(healthy, { checks });
    expect(audit.checks).toMatchObject([{ status: 'not-run', why: 'other-era', subjects: [] }]);
    expect(audit.complete).toBe(true);
    expect(audit.checksMade).toEqual({ made: 0, of: 1 });
  });

  it.each([
    ['no call became a task', { checks: [taskUnknownElsewhere] }, healthy, []],
    [
      'the server gave out no session id',
      sessions,
      withoutSessions,
      [{ subject: 'tools/list', status: 'not-tried', why: 'nothing-to-ask' }],
    ],
  ])(
    'does not call a check clean that had nothing to ask: %s',
    async (nothingToAsk, options, answer, subjects) => {
      const { audit } = await audited(answer, options);
      expect(audit.checks).toMatchObject([
        { status: 'not-run', why: 'nothing-to-ask', nothingToAsk, subjects },
      ]);
      expect(audit.complete).toBe(true);
    },
  );

  it('calls only tools that say that they read, and says which others there are', async () => {
    const { audit, received } = await audited(healthy, { checks });
    const called = new Set(
      received.filter(({ method }) => method === 'tools/call').map(({ params }) => params['name']),
    );
    expect([...called]).toEqual(['get_basket']);
    expect(audit.tools).toEqual([
      { name: 'get_basket', notCalled: null, steps: ['get_basket'] },
      { name: 'create_basket', notCalled: 'no-hint', steps: [] },
      { name: 'erase', notCalled: 'destructive', steps: [] },
    ]);
  });

  it('calls a tool that was allowed by name, and passes on what it gives', async () => {
    const { audit, received } = await audited(healthy, { checks, allow: ['create_basket'] });
    expect(audit.tools[0]).toEqual({
      name: 'get_basket',
      notCalled: null,
      steps: ['create_basket', 'get_basket'],
    });
    expect(received.find(({ params }) => params['name'] === 'get_basket')?.params['arguments']).toEqual({
      basket_id: 'b1',
    });
  });

  it('keeps what was found when it may ask no more', async () => {
    const { audit, received } = await audited(forgetful, {
      ...sessions,
      limits: { timeUs: 30e6, requests: 4 },
    });
    expect(audit).toMatchObject({ complete: false, ended: 'requests', requests: 4 });
    expect(audit.checks).toMatchObject([{ status: 'not-run', why: 'ended' }]);
    expect(audit.tools).toContainEqual({ name: 'get_basket', notCalled: 'ended', steps: [] });
    expect(received.length).toBeLessThanOrEqual(4);
  });

  it('is not complete when an instance stops answering, and calls nothing clean that met this', async () => {
    const copies = await startCopies(healthy);
    const dying = await startCopies(healthy, ['b']);
    try {
      const [one] = copies.instances;
      const { audit } = await audited(healthy, {
        url: one!.url,
        instances: [one!, dying.instances[0]!],
        onCheck: () => void dying.stop(),
      });
      expect(audit).toMatchObject({ complete: false, ended: null, unanswered: ['b'], findings: [] });
      const met = audit.checks.filter(({ unanswered }) => unanswered!.length > 0);
      expect(met.map(({ name }) => name)).toContain('list-differs-by-instance');
      for (const check of met) {
        expect(check).toMatchObject({ status: 'not-run', why: 'no-answer', unanswered: ['b'] });
        expect(check.subjects.map(({ status }) => status)).not.toContain('clean');
      }
    } finally {
      await copies.stop();
      await dying.stop();
    }
  });

  it('takes no refused connection for a lost session', async () => {
    const dying = await startCopies(healthy, ['b']);
    const { audit } = await audited(healthy, {
      ...sessions,
      instances: [...(await gone(['a'])), ...dying.instances],
    });
    await dying.stop();
    expect(audit).toMatchObject({ complete: false, findings: [] });
  });

  it('tells a call that timed out as timed out', async () => {
    const { audit } = await audited(
      (received, headers) => (received.method === 'tools/call' ? 'nothing' : healthy(received, headers)),
      { checks, timeoutUs: 50_000 },
    );
    expect(audit.tools[0]).toMatchObject({ name: 'get_basket', notCalled: 'timed-out' });
  });

  it('ends when it is interrupted', async () => {
    const { audit } = await audited(healthy, { ...sessions, signal: AbortSignal.abort() });
    expect(audit).toMatchObject({ complete: false, ended: 'interrupted', requests: 0 });
  });

  it('shows no value whose name looks like a secret, and none of a secret variable', async () => {
    const leaking: Answer = (received, headers) => {
      const answer = forgetful(received, headers);
      if (received.method !== 'tools/list' || typeof answer !== 'object') return answer;
      const text =
        'HOME=/home DB_PASSWORD=hunter-one {"api_key":"hunter-two"} token: hunter-three seen hunter-four';
      return { ...answer, env: { AWS_SECRET: 'hunter-five', LANG: 'C.UTF-8' }, text };
    };
    const environment = { MY_TOKEN: 'hunter-four', SHELL: 'C.UTF-8' };
    const { audit } = await audited(leaking, { ...sessions, environment });
    const shown = JSON.stringify(audit.findings[0]!.evidence);
    expect(shown).not.toContain('hunter');
    expect(shown).toContain('HOME=/home DB_PASSWORD=(removed)');
    expect(shown).toContain('C.UTF-8');
  });

  it('shows no credential, whoever repeats it', async () => {
    const secret = 'very-secret-token-4711';
    const echoing: Answer = (received, headers) => {
      const answer = forgetful(received, headers);
      return answer === undefined || answer === 'nothing' || !('tools' in answer)
        ? answer
        : { ...answer, you: received.headers.authorization };
    };
    const identities = [{ name: 'reader', headers: { Authorization: `Bearer ${secret}` } }];
    const { audit } = await audited(echoing, { ...sessions, identities });
    expect(audit.findings).toHaveLength(1);
    expect(JSON.stringify(audit)).not.toContain(secret);
  });
});

it('shows no secret that the schema of a tool names, also where an answer quotes it', async () => {
  const quoting: Answer = (received, headers) => {
    const { method, instance } = received;
    const password = { type: 'string', default: 'hunter2-4711' };
    const inputSchema = { type: 'object', properties: { password }, required: ['password'] };
    if (method === 'tools/list')
      return { tools: [{ name: `log_in_${instance}`, inputSchema, annotations: { readOnlyHint: true } }] };
    if (method === 'tools/call')
      return { content: [{ type: 'text', text: `${instance} knows hunter2-4711 now` }] };
    return healthy(received, headers);
  };
  const { audit } = await audited(quoting);
  const found = audit.findings.map(({ check }) => check);
  expect(found).toEqual(expect.arrayContaining(['list-differs-by-instance', 'result-differs-by-instance']));
  expect(JSON.stringify(audit)).not.toContain('hunter2');
});
