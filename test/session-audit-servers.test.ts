/** @module The built-in servers keep nothing for a client in the stateless era, and an audit finds nothing in them. */
import { afterEach, expect, it } from 'vitest';
import { sessionAudit } from '../src/session-audit/session-audit.ts';
import { settingsOf, startFor } from '../src/testbed/profile-testbed.case.ts';
import type { Testbed } from '../src/testbed/testbed.ts';

let testbed: Testbed | undefined;
afterEach(() => testbed?.stop());

it.each(['lean', 'sdk'])(
  'an audit of three instances of %s finds nothing',
  async (server) => {
    testbed = await startFor(
      settingsOf(
        `fleet: { server: ${server}, era: stateless, instances: 3, offer: { resources: 3, prompts: 2 } }`,
      ),
    );
    const { endpoint, instances } = testbed;
    const audit = await sessionAudit({
      url: endpoint.url,
      instances: instances.map(({ id, url }) => ({ name: id, url })),
      era: 'stateless',
      headers: {},
      identities: [],
      allow: [],
      tls: { insecure: false },
      instanceHeader: 'x-served-by',
      checkIds: true,
      timeoutUs: 10e6,
      limits: { timeUs: 100e6, requests: 10_000 },
      seed: 1,
    });
    expect(audit.findings).toEqual([]);
    expect(audit.ended).toBeNull();
    expect(audit.tools.some(({ notCalled }) => notCalled === null)).toBe(true);
  },
  120_000,
);
