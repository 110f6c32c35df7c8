import { beforeAll, describe, expect, it } from 'vitest';
import { read } from '../server/ask.case.ts';
import { inSession, openSession } from '../server/sessions.case.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';
import type { Testbed } from './testbed.ts';

/** Three instances, each at an address of its own, and all of them behind a balancer that takes turns. */
function start(store: string): Promise<Testbed> {
  const state = `{ kind: store, store: ${store}, sessions: store }`;
  return startFor(
    settingsOf(
      `fleet: { server: lean, era: sessions, instances: 3, state: ${state} }`,
      'balancer: { policy: round-robin }',
    ),
  );
}

const ask = async (url: string, session: string, method: string, params = {}) =>
  read(
    await fetch(url, {
      method: 'POST',
      headers: inSession(session),
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    }),
  );

const statuses = (urls: readonly string[], session: string): Promise<readonly number[]> =>
  Promise.all(urls.map(async (url) => (await ask(url, session, 'tools/list')).status));

for (const store of ['lmdb', 'redis']) {
  const tags = store === 'redis' ? [store] : [];

  describe(`sessions in a store that all instances share: ${store}`, { tags }, () => {
    let testbed: Testbed;
    let urls: readonly string[];
    beforeAll(async () => {
      testbed = await start(store);
      urls = testbed.instances.map(({ url }) => url);
      return () => testbed.stop();
    });

    it('are known wherever a request comes to, and unknown everywhere once one instance has ended them', async () => {
      const [first, second] = [await openSession(urls[0]!), await openSession(urls[1]!)];
      expect(await statuses(urls, first)).toEqual([200, 200, 200]);
      const { headers } = await ask(urls[2]!, first, 'tools/list');
      expect(headers.get('mcp-session-id')).toBe(first);
      expect(headers.get('server-timing')).toMatch(/(^|, )session;dur=\d+\.\d{3}, /);
      const stream = await fetch(urls[0]!, { headers: inSession(first) });
      const deleted = await fetch(urls[1]!, { method: 'DELETE', headers: inSession(first) });
      expect(deleted.status).toBe(200);
      expect(await statuses(urls, first)).toEqual([404, 404, 404]);
      expect(await stream.text()).toBe('');
      expect(await statuses(urls, second)).toEqual([200, 200, 200]);
    });

    it('need no stickiness, and are no handles of another kind', async () => {
      const balanced = testbed.endpoint.url;
      const session = await openSession(balanced);
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => ask(balanced, session, 'tools/call', { name: 'create_basket' })),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect(new Set(answers.map(({ headers }) => headers.get('x-served-by'))).size).toBe(3);
      const { basket_id } = answers[0]!.message.result.structuredContent;
      expect((await ask(balanced, basket_id, 'tools/list')).status).toBe(404);
      const basket = { name: 'get_basket', arguments: { basket_id: session } };
      expect((await ask(balanced, session, 'tools/call', basket)).message.result.isError).toBe(true);
    });

    // The last one: it kills one of the instances.
    it('outlive the instance that has opened them', async () => {
      const sessions = await Promise.all(urls.map(openSession));
      await testbed.controls.kill!('1');
      for (const session of sessions) expect(await statuses(urls.slice(1), session)).toEqual([200, 200]);
    });
  });
}
