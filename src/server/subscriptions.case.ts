/** @module What the stateless servers must do with `subscriptions/listen`, over real sockets. Source: MCP 2026-07-28, Subscriptions. */
import { expect, it, onTestFinished } from 'vitest';
import { completeOffer } from '../profile/section/offer.ts';
import { askStateless, type TestInstance, TOOLS, useInstance } from './ask.case.ts';
import type { CatalogueChange } from './catalogue-change.ts';
import type { OwnServer } from './programs.ts';

const ID = 'io.modelcontextprotocol/subscriptionId';
const URI = 'paceline://resource/1';

/** A stream that a client holds. */
interface Stream {
  readonly response: Response;
  /** The next message; undefined: the stream has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  next(): Promise<any>;
  /** Closes it. */
  leave(): void;
}

/** Asks for `notifications` in the request `id` of a client with `capabilities`; closes the stream when the test has ended. */
export async function listen(
  url: string,
  notifications: unknown,
  id: string | number = 7,
  capabilities: object = {},
): Promise<Stream> {
  const abort = new AbortController();
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'subscriptions/listen',
  };
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'subscriptions/listen',
    params: { notifications, _meta },
  });
  const response = await fetch(url, { method: 'POST', headers, body, signal: abort.signal });
  onTestFinished(() => abort.abort());
  const messages = messagesOf(response);
  return {
    response,
    next: async () => (await messages.next()).value,
    leave: () => abort.abort(),
  };
}

async function* messagesOf(response: Response): AsyncGenerator<unknown, undefined> {
  let text = '';
  for await (const bytes of response.body!) {
    text += Buffer.from(bytes).toString();
    const events = text.split('\n\n');
    text = events.pop()!;
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
  if (text !== '') yield JSON.parse(text);
  return undefined;
}

/** The suite. */
export function subscriptionCases(settings: OwnServer): void {
  const offer = { ...completeOffer(TOOLS), resources: 2, prompts: 1 };
  const instance = useInstance(settings, { ...TOOLS, concurrency: 1 }, undefined, offer);
  const ending = useInstance(settings, TOOLS, undefined, offer);
  const versions = new Map<TestInstance, number>();
  const change = (details: Omit<CatalogueChange, 'notify' | 'version'>, notify = true, server = instance) => {
    const version = (versions.get(server) ?? 0) + 1;
    versions.set(server, version);
    return server.ask({ kind: 'catalogue', change: { ...details, notify, version } });
  };
  const acknowledged = (notifications: object, id: string | number = 7): unknown => ({
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications, _meta: { [ID]: id } },
  });
  const told = (method: string, params: object = {}, id: string | number = 7): unknown => ({
    jsonrpc: '2.0',
    method: `notifications/${method}`,
    params: { ...params, _meta: { [ID]: id } },
  });

  it.each([7, 'a-1'])(
    'acknowledges what it honours, and names the request %j in every message',
    async (id) => {
      const stream = await listen(
        instance.url,
        { toolsListChanged: true, promptsListChanged: false, somethingElse: true },
        id,
      );
      const { status, headers } = stream.response;
      expect([status, headers.get('content-type'), headers.get('x-served-by')]).toEqual([
        200,
        'text/event-stream',
        '1',
      ]);
      expect(headers.get('x-accel-buffering')).toBe('no');
      expect(await stream.next()).toEqual(acknowledged({ toolsListChanged: true }, id));
      await change({ what: 'tools', added: 1 });
      expect(await stream.next()).toEqual(told('tools/list_changed', {}, id));
    },
  );

  it('tells each stream only of what it asked for', async () => {
    const tools = await listen(instance.url, { toolsListChanged: true });
    const lists = await listen(instance.url, { promptsListChanged: true, resourcesListChanged: true });
    const one = await listen(instance.url, { resourceSubscriptions: [URI] });
    expect(await one.next()).toEqual(acknowledged({ resourceSubscriptions: [URI] }));
    await tools.next();
    await lists.next();
    await change({ what: 'resource', uri: 'paceline://resource/2' });
    await change({ what: 'prompts', added: 1 });
    await change({ what: 'tools', added: 1 }, false);
    await change({ what: 'resources', added: 1 });
    await change({ what: 'resource', uri: URI });
    await change({ what: 'tools', added: 1 });
    expect(await tools.next()).toEqual(told('tools/list_changed'));
    expect(await lists.next()).toEqual(told('prompts/list_changed'));
    expect(await lists.next()).toEqual(told('resources/list_changed'));
    expect(await one.next()).toEqual(told('resources/updated', { uri: URI }));
  });

  it('has changed when it tells of it, and tells once of a version', async () => {
    const stream = await listen(instance.url, { toolsListChanged: true });
    await stream.next();
    const count = async (): Promise<number> =>
      (await askStateless(instance.url, 'tools/list')).message.result.tools.length;
    const before = await count();
    await change({ what: 'tools', added: 2 });
    await stream.next();
    expect(await count()).toBe(before + 2);
    const version = versions.get(instance)!;
    const again = { what: 'tools', added: 2, notify: true, version } as const;
    await instance.ask({ kind: 'catalogue', change: again });
    await change({ what: 'tools', added: 1 });
    await stream.next();
    expect(await count()).toBe(before + 3);
  });

  it('ends a stream at once that asks for nothing it can tell of', async () => {
    const stream = await listen(instance.url, { somethingElse: true });
    expect(await stream.next()).toEqual(acknowledged({}));
    expect(await stream.next()).toMatchObject({ id: 7, result: { resultType: 'complete' } });
    expect(await stream.next()).toBeUndefined();
  });

  it.each([undefined, 'tools', { resourceSubscriptions: 'a' }, { toolsListChanged: 1 }])(
    'refuses a request for %j',
    async (notifications) => {
      const stream = await listen(instance.url, notifications);
      expect(await stream.next()).toMatchObject({ id: 7, error: { code: -32602 } });
    },
  );

  it('holds many streams beside its slots, and forgets those that are closed', async () => {
    const streams = await Promise.all(
      Array.from({ length: 100 }, (_, index) => listen(instance.url, { toolsListChanged: true }, index)),
    );
    for (const stream of streams) await stream.next();
    for (const stream of streams.slice(0, 30)) stream.leave();
    // One slot, and no stream occupies it.
    const { message } = await askStateless(instance.url, 'tools/call', {
      name: 'work',
      arguments: { ms: 1 },
    });
    expect(message.result.isError).toBeUndefined();
    await change({ what: 'tools', added: 1 });
    for (const [index, stream] of [...streams.entries()].slice(30)) {
      expect(await stream.next()).toEqual(told('tools/list_changed', {}, index));
    }
  });

  it('ends its streams with a result when it stops', async () => {
    const streams = await Promise.all(
      [1, 2, 3].map((id) => listen(ending.url, { toolsListChanged: true, resourceSubscriptions: [URI] }, id)),
    );
    for (const stream of streams) await stream.next();
    await ending.stop();
    for (const [index, stream] of streams.entries()) {
      expect(await stream.next()).toMatchObject({
        jsonrpc: '2.0',
        id: index + 1,
        result: { resultType: 'complete', _meta: { [ID]: index + 1 } },
      });
      expect(await stream.next()).toBeUndefined();
    }
  });
}
