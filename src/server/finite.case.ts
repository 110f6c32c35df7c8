/** @module What a finite server must do, over real sockets; one suite, every server. */
import { expect, it } from 'vitest';
import { type Answered, type Ask, type SuiteServer, TOOLS, useInstance } from './ask.case.ts';

/** What a server that was late may take back from the pauses that follow, so that their mean stays exact (units/pause), and a little more. */
const CARRIED_MS = 12;

/** `handshake` is a method that takes no slot. */
export function finiteCases(options: {
  readonly settings: SuiteServer;
  readonly ask: Ask;
  readonly handshake: string;
}): void {
  const { settings, ask, handshake } = options;
  const single = useInstance(settings, { ...TOOLS, concurrency: 1, listUs: 20_000 });
  const double = useInstance(settings, { ...TOOLS, concurrency: 2 });
  const work = (url: string, ms: number): Promise<Answered> =>
    ask(url, 'tools/call', { name: 'work', arguments: { ms } });
  const took = async (all: readonly Promise<Answered>[]): Promise<number> => {
    const startedMs = performance.now();
    for (const { message } of await Promise.all(all)) expect(message).toHaveProperty('result');
    return performance.now() - startedMs;
  };
  const times = (count: number, make: () => Promise<Answered>): readonly Promise<Answered>[] =>
    Array.from({ length: count }, make);

  it('works on as many calls at once as it has slots', async () => {
    await ask(double.url, handshake);
    expect(await took(times(8, () => work(double.url, 30)))).toBeGreaterThan(4 * 30 - CARRIED_MS);
  });

  it('has lists and calls share the slots', async () => {
    await ask(single.url, handshake);
    const lists = times(4, () => ask(single.url, 'tools/list'));
    expect(await took([...lists, ...times(4, () => work(single.url, 20))])).toBeGreaterThan(
      8 * 20 - CARRIED_MS,
    );
  });

  it.each(['prompts/list', 'resources/list', 'resources/templates/list'])(
    'has %s take a slot, as long as a list takes',
    async (method) => {
      await ask(single.url, handshake);
      expect(await took(times(3, () => ask(single.url, method)))).toBeGreaterThan(3 * 20 - CARRIED_MS);
    },
  );

  it('answers what needs no slot while every slot is taken', async () => {
    const all = times(5, () => work(single.url, 100));
    let ended = 0;
    for (const each of all) void each.then(() => (ended += 1));
    expect((await ask(single.url, handshake)).headers.get('server-timing')).not.toContain('queue');
    expect(ended).toBeLessThan(all.length);
    await Promise.all(all);
  });

  it('names the wait for a slot where the head of the answer is written after it', async () => {
    const { headers } = await ask(single.url, 'tools/call', { name: 'echo', arguments: { text: 'a' } });
    expect(headers.get('server-timing')).toMatch(
      /\bqueue;dur=\d+\.\d{3}, tool;dur=\d+\.\d{3}, total;dur=\d+\.\d{3}$/,
    );
    const list = await ask(single.url, 'tools/list');
    expect(list.headers.get('server-timing')).toMatch(/\b(queue;dur=\d+\.\d{3}, total|head);dur=\d+\.\d{3}$/);
  });

  it('goes on after a call that fails', async () => {
    const failed = await ask(single.url, 'tools/call', { name: 'echo', arguments: { text: 7 } });
    expect(failed.message.result.isError).toBe(true);
    await ask(single.url, 'tools/call', { name: 'no-such-tool' });
    expect((await work(single.url, 1)).message).toHaveProperty('result');
  });

  it('works on no call whose caller went away while it waited', async () => {
    const leaving = new AbortController();
    const busy = work(single.url, 200);
    await ask(single.url, handshake);
    const left = Array.from({ length: 12 }, () =>
      ask(single.url, 'tools/call', { name: 'work', arguments: { ms: 3000 } }, leaving.signal),
    );
    // Two round trips later the server has read them.
    await ask(single.url, handshake);
    await ask(single.url, handshake);
    leaving.abort();
    for (const each of left) await expect(each).rejects.toThrow();
    await busy;
    // The twelve would take 36 s. One of them may have come first after all, on a connection that was faster.
    expect((await work(single.url, 1)).message).toHaveProperty('result');
  }, 15_000);
}
