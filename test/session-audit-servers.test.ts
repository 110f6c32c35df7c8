/** @module Audits of the built-in servers: in the stateless era they keep nothing for a client, in that of sessions each instance keeps its own. */
import { afterEach, expect, it } from 'vitest';
import { sessionAudit } from '../src/session-audit/session-audit.ts';
import { settingsOf, startFor } from '../src/testbed/profile-testbed.case.ts';
import type { Testbed } from '../src/testbed/testbed.ts';

const OPTIONS = {
  headers: {},
  identities: [],
  allow: [],
  tls: { insecure: false },
  instanceHeader: 'x-served-by',
  checkIds: true,
  timeoutUs: 10e6,
  limits: { timeUs: 100e6, requests: 10_000 },
  seed: 1,
};

let testbed: Testbed | undefined;
afterEach(() => testbed?.stop());

it.each(['lean', 'sdk'])(
  'an audit of the endpoint alone, behind which requests to %s take turns, finds the sessions and nothing else',
  async (server) => {
    testbed = await startFor(
      settingsOf(
        `fleet: { server: ${server}, era: sessions, instances: 3, tools: { catalogue: 6 } }`,
        'balancer: { policy: round-robin }',
      ),
    );
    const audit = await sessionAudit({
      ...OPTIONS,
      url: testbed.endpoint.url,
      instances: [],
      era: 'sessions',
    });
    expect(audit.findings.map(({ check }) => check)).toEqual(['needs-session']);
    const [here, there] = audit.findings[0]!.evidence;
    expect(here.servedBy).not.toBe(there.servedBy);
    expect(audit).toMatchObject({ complete: true, notListed: [] });
    expect(audit.sessionsLost).toBeGreaterThan(0);
    expect(audit.tools.some(({ notCalled }) => notCalled === null)).toBe(true);
    expect(audit.tools.map(({ notCalled }) => notCalled)).not.toContain('call-failed');
  },
  120_000,
);

it.each(['lean', 'sdk'])(
  'an audit of three instances of %s finds nothing',
  async (server) => {
    testbed = await startFor(
      settingsOf(
        `fleet: { server: ${server}, era: stateless, instances: 3, tools: { catalogue: 6 }, offer: { resources: 3, prompts: 2 } }`,
      ),
    );
    const { endpoint, instances } = testbed;
    const audit = await sessionAudit({
      ...OPTIONS,
      url: endpoint.url,
      instances: instances.map(({ id, url }) => ({ name: id, url })),
      era: 'stateless',
    });
    expect(audit.findings).toEqual([]);
    expect(audit.ended).toBeNull();
    expect(audit.tools.some(({ notCalled }) => notCalled === null)).toBe(true);
  },
  120_000,
);
