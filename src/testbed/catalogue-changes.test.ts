import { afterEach, describe, expect, it } from 'vitest';
import { askStateless } from '../server/ask.case.ts';
import { listen } from '../server/subscriptions.case.ts';
import type { Controls } from './part.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';
import type { Testbed } from './testbed.ts';

let testbed: Testbed | undefined;
afterEach(async () => {
  await testbed?.stop();
  testbed = undefined;
});

/** Two instances behind the embedded balancer, and what changes them. */
async function start(server: string): Promise<{ readonly url: string; readonly controls: Controls }> {
  testbed = await startFor(
    settingsOf(`fleet: { server: ${server}, instances: 2, tools: { catalogue: 5 }, offer: { pageSize: 2 } }`),
  );
  return { url: testbed.endpoint.url, controls: testbed.controls as Controls };
}

/** Whether each of some answers, of both instances in turn, has the tool. */
async function known(url: string, name: string): Promise<readonly boolean[]> {
  const all: boolean[] = [];
  for (let index = 0; index < 4; index += 1) {
    const { message } = await askStateless(url, 'tools/call', { name, arguments: { text: 'a' } });
    all.push(message.error?.code !== -32602);
  }
  return all;
}

describe.each(['lean', 'sdk'])('a fleet of the server %s behind the balancer', (server) => {
  it('tells the holders of streams of a change, and answers so from every instance', async () => {
    const { url, controls } = await start(server);
    const streams = [
      await listen(url, { toolsListChanged: true }, 'a'),
      await listen(url, { toolsListChanged: true }, 'b'),
    ];
    for (const stream of streams) {
      expect(await stream.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' });
    }
    // Round-robin: one stream at each instance.
    expect(streams.map(({ response }) => response.headers.get('x-served-by')).toSorted()).toEqual(['1', '2']);
    const renamed = { from: 'echo', to: 'echo_v2' };
    const change = { version: 1, what: 'tools', renamed, notify: true } as const;
    await Promise.all(['1', '2'].map((id) => controls.changeCatalogue(id, change)));
    for (const stream of streams) {
      expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' });
    }
    expect(await known(url, 'echo')).toEqual([false, false, false, false]);
    expect(await known(url, 'echo_v2')).toEqual([true, true, true, true]);
  });

  it('has one instance go on as before when only the others are changed, and one that is added follow', async () => {
    const { url, controls } = await start(server);
    const renamed = { from: 'echo', to: 'echo_v2' };
    await controls.changeCatalogue('2', { version: 1, what: 'tools', renamed, notify: false });
    expect((await known(url, 'echo')).filter(Boolean)).toHaveLength(2);
    const added = await controls.startInstance();
    expect(await known(added.url, 'echo_v2')).toEqual([true, true, true, true]);
  });
});
