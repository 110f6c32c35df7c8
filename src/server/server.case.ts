/** @module What every demonstration server must do, over real sockets; one suite, every server. */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import {
  type Answered,
  type Ask,
  raw,
  type SuiteServer,
  TOOLS,
  toolsOf,
  useInstance,
  useProcess,
} from './ask.case.ts';

/** The suite. `unknownTool` is where the servers differ: a JSON-RPC error, or what SDK 1.x makes of it. */
export function serverCases(options: {
  readonly settings: SuiteServer;
  readonly ask: Ask;
  readonly unknownTool: (message: Answered['message']) => void;
}): void {
  const { settings, ask } = options;
  const instance = useProcess(settings);
  const twin = useInstance(settings);
  const call = (name: string, given?: unknown, url = instance.url): Promise<Answered> =>
    ask(url, 'tools/call', given === undefined ? { name } : { name, arguments: given });
  const textOf = (answered: Answered): string => answered.message.result.content[0].text;

  it('names its instance and its stages on every answer', async () => {
    const answers = [
      await call('echo', { text: 'a' }),
      await ask(instance.url, 'tools/list'),
      await ask(instance.url, 'no/such'),
      await fetch(instance.url, { method: 'PUT' }),
      await fetch(instance.url, { method: 'POST', body: '{' }),
      await fetch(instance.url.replace('/mcp', '/other')),
    ];
    for (const { headers } of answers) {
      expect(headers.get('x-served-by')).toBe('1');
      expect(headers.get('server-timing')).toMatch(/\b(total|head);dur=\d+\.\d{3}$/);
    }
    expect(answers[0]!.headers.get('server-timing')).toMatch(/\btool;dur=\d+\.\d{3}, total;dur=/);
  });

  it.each(['', 'hello', 'naïve "quotes" \\ and\nlines', '日本語 🎉', 'x'.repeat(1_000_000)])(
    'echoes %.20j',
    async (text) => {
      expect(textOf(await call('echo', { text }))).toBe(text);
    },
  );

  it('lists as many tools as the profile says, the built-in ones first, each with a schema', async () => {
    const { tools } = (await ask(instance.url, 'tools/list')).message.result;
    expect(tools).toHaveLength(toolsOf(settings));
    const names = tools.map((tool: { name: string }) => tool.name);
    expect(names.slice(0, 4)).toEqual(['echo', 'work', 'report', 'issues_search']);
    expect(new Set(names).size).toBe(toolsOf(settings));
    for (const tool of tools) expect(tool.inputSchema.type).toBe('object');
    expect(Object.keys(tools[10].inputSchema.properties).length).toBeGreaterThan(2);
    expect((await call(names[10], { [tools[10].inputSchema.required[0]]: 1 })).message.result.isError).toBe(
      true,
    );
  });

  it('reports as many bytes as the profile says', async () => {
    expect(Buffer.byteLength(textOf(await call('report')))).toBe(TOOLS.reportBytes);
  });

  it('works as long as the seed says, and differently every time', async () => {
    const times = async (url: string): Promise<readonly string[]> => [
      textOf(await call('work', undefined, url)),
      textOf(await call('work', {}, url)),
      textOf(await call('work', {}, url)),
    ];
    const first = await times(instance.url);
    expect(new Set(first).size).toBe(3);
    expect(await times(twin.url)).toEqual(first);
    expect(textOf(await call('work', { ms: 2.5 }))).toBe('worked for 2.500 ms');
  });

  it('works on many calls at once', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => call('work', { ms: 5 })));
    expect(answers.map(textOf)).toEqual(answers.map(() => 'worked for 5.000 ms'));
  });

  it('says so when a tool is unknown', async () => {
    options.unknownTool((await call('no-such-tool', {})).message);
  });

  it.each([
    ['echo', {}],
    ['echo', { text: 7 }],
    ['work', { ms: -1 }],
  ])('answers %s with %j as a failure of the tool', async (name, given) => {
    const { message } = await call(name, given);
    expect(message.result.isError).toBe(true);
    expect(textOf({ message } as Answered)).toMatch(/Invalid arguments/);
  });

  it('turns away a foreign origin and another path', async () => {
    const foreign = await fetch(instance.url, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    expect((await fetch(`${instance.url}x`, { method: 'POST' })).status).toBe(404);
  });

  it.each([
    ['bytes that are not HTTP', '\x16\x03\x01 nonsense\r\n\r\n', '400 Bad Request'],
    ['a head without an end', `POST /mcp HTTP/1.1\r\nx: ${'y'.repeat(70_000)}`, '431 Request Header Fields'],
    ['two lengths', 'POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
  ])('survives %s', async (_, bytes, expected) => {
    expect(await raw(instance.url, bytes, expected)).toContain(expected);
    expect(textOf(await call('echo', { text: 'alive' }))).toBe('alive');
  });

  it('survives clients that leave in the middle', async () => {
    const half =
      'POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"json';
    await Promise.all(
      Array.from({ length: 5 }, () => {
        const socket = connect(Number(new URL(instance.url).port), '127.0.0.1');
        return new Promise<void>((resolve) => {
          socket.on('close', () => resolve());
          socket.write(half, () => socket.resetAndDestroy());
        });
      }),
    );
    const abort = new AbortController();
    const left = fetch(instance.url, { method: 'POST', body: '{}', signal: abort.signal });
    abort.abort();
    await expect(left).rejects.toThrow();
    expect(textOf(await call('echo', { text: 'alive' }))).toBe('alive');
  });
}
