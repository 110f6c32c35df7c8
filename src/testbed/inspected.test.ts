/** @module Inspections of the built-in servers: they say of their results what they should, and the same on every instance. */
import { describe, expect, it } from 'vitest';
import { inspect } from '../inspect/inspect.ts';
import type { Inspection } from '../inspect/inspection.ts';
import { headersOf } from '../profile/template/header-text.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';

/** Inspects the fleet that these lines describe, through its balancer. */
async function inspected(fleet: string): Promise<Inspection> {
  const testbed = await startFor(settingsOf(`fleet: ${fleet}`, 'balancer: { policy: round-robin }'));
  try {
    const { url, era, headers } = testbed.endpoint;
    return await inspect({
      url,
      era,
      headers: headersOf(headers, 0),
      identities: [],
      tls: { insecure: false },
      instanceHeader: 'x-served-by',
      checkIds: true,
      timeoutUs: 10e6,
      limits: { timeUs: 30e6, requests: 500 },
      extent: { connections: 2, rounds: 2, moreRounds: 2, perInstance: 2, resources: 2 },
      tool: { name: 'echo', arguments: { text: 'hello' } },
    });
  } finally {
    await testbed.stop();
  }
}

const OFFER = 'offer: { resources: 5, templates: 2, prompts: 3, pageSize: 10 }';

describe('a built-in server', () => {
  it.each(['lean', 'sdk'])('gives no finding: %s', async (server) => {
    const { findings, methods, instances, complete } = await inspected(
      `{ server: ${server}, instances: 2, era: stateless, tools: { catalogue: 25 }, ${OFFER} }`,
    );
    expect({ findings, instances, complete }).toEqual({
      findings: [],
      instances: ['1', '2'],
      complete: true,
    });
    expect(methods.map(({ method, pages, entries }) => [method, pages, entries])).toEqual([
      ['server/discover', 1, null],
      ['tools/list', 3, 25],
      ['prompts/list', 1, 3],
      ['resources/list', 1, 5],
      ['resources/templates/list', 1, 2],
      ['resources/read', 1, null],
      ['resources/read', 1, null],
    ]);
  });

  it.each(['lean', 'sdk'])('gives no finding in the sessions era, which has no hints: %s', async (server) => {
    const { findings, methods, complete, era } = await inspected(
      `{ server: ${server}, instances: 1, era: sessions, ${OFFER} }`,
    );
    expect({ findings, complete, era }).toEqual({ findings: [], complete: true, era: 'sessions' });
    expect(methods.map(({ method, ttlMs }) => [method, ttlMs])).toEqual([
      ['tools/list', null],
      ['prompts/list', null],
      ['resources/list', null],
      ['resources/templates/list', null],
      ['resources/read', null],
      ['resources/read', null],
    ]);
  });
});
