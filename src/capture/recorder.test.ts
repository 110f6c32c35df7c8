import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientHead } from '../balancer/proxy/heads.ts';
import type { TracedCall } from '../trace/trace.ts';
import { VirtualClock } from '../units/virtual-clock.ts';
import { MOST_PARAMS } from './params.ts';
import { CallRecorder } from './recorder.ts';

type Json = Readonly<Record<string, unknown>>;

/** A recorder whose lines are kept. */
class Recording {
  readonly lines: string[] = [];
  readonly #clock = new VirtualClock();
  readonly recorder = new CallRecorder(
    {
      begin: (header) => this.lines.push(JSON.stringify(header)),
      write: (line) => this.lines.push(JSON.stringify(line)),
      end: (header) => this.lines.splice(0, 1, JSON.stringify(header)),
    },
    this.#clock,
    'http://127.0.0.1:1/mcp',
  );

  /** A call, and its line. */
  call(
    method: string,
    params: Json,
    { fields = '', connection = 0, result = {} as unknown } = {},
  ): TracedCall {
    const text = `POST /mcp?key=in-the-query HTTP/1.1\r\nhost: a\r\n${fields}`;
    const head = readClientHead(Buffer.from(text), 0, Buffer.byteLength(text));
    const open = this.recorder.arrived({ head, connection, method, params })!;
    const line = JSON.parse(this.lines.at(-1) ?? '{}') as TracedCall;
    this.recorder.ended(open, 'ok', 0, result);
    return line;
  }
}

const tool = (args: Json): Json => ({ name: 'add', arguments: args });

describe('a recording', () => {
  it('begins with the era of the first call, and counts time from it', () => {
    const recording = new Recording();
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const line = recording.call('tools/list', { _meta: meta });
    expect(JSON.parse(recording.lines[0]!)).toMatchObject({ schema: 'paceline/trace@1', era: 'stateless' });
    expect(line).toEqual({ call: 0, atUs: 0, agent: 0, method: 'tools/list' });
    expect(recording.recorder.counts).toMatchObject({ calls: 1, agents: 1, underWay: 0 });
  });

  it('finds the era although a client asks for server/discover first', () => {
    const recording = new Recording();
    recording.call('server/discover', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } });
    recording.call('tools/list', {});
    expect(recording.lines.slice(-5).map((line) => JSON.parse(line))).toMatchObject([
      { era: 'sessions' },
      { call: 0 },
      { end: 0 },
      { call: 1 },
      { end: 1 },
    ]);
  });

  it('tells callers apart by session, then credentials, then connection', () => {
    const recording = new Recording();
    const agentOf = (fields: string, connection: number): number =>
      recording.call('tools/list', {}, { fields, connection }).agent;
    expect(agentOf('', 1)).toBe(0);
    expect(agentOf('', 2)).toBe(1);
    expect(agentOf('authorization: Bearer one-token\r\n', 1)).toBe(2);
    expect(agentOf('authorization: Bearer one-token\r\n', 2)).toBe(2);
    const session = 'mcp-session-id: session-one\r\n';
    expect(agentOf(`authorization: Bearer one-token\r\n${session}`, 1)).toBe(3);
    expect(agentOf(session, 9)).toBe(3);
  });

  it('leaves out what belongs to a session', () => {
    const recording = new Recording();
    const head = readClientHead(Buffer.from('POST / HTTP/1.1\r\nhost: a\r\n'), 0, 26);
    for (const method of ['initialize', 'ping'])
      expect(recording.recorder.arrived({ head, connection: 0, method, params: {} })).toBeUndefined();
    expect(recording.lines).toEqual([]);
  });

  it('refers to the result that had a value first', () => {
    const recording = new Recording();
    recording.call('tools/call', tool({}), { result: { structuredContent: { basket_id: 'basket-4711' } } });
    recording.call('tools/call', tool({}), { result: { structuredContent: { basket_id: 'basket-4711' } } });
    const line = recording.call('tools/call', tool({ basket: 'basket-4711', item: 'tea' }));
    expect(line.params).toEqual(tool({ basket: null, item: 'tea' }));
    expect(line.refs).toEqual([{ to: '/arguments/basket', call: 0, from: '/structuredContent/basket_id' }]);
  });

  it('refers to values in JSON text, and to cursors of lists', () => {
    const recording = new Recording();
    const content = [{ type: 'text', text: '{"task":{"id":"task-4711"}}' }];
    recording.call('tools/call', tool({}), { result: { content } });
    recording.call(
      'tools/list',
      {},
      { result: { nextCursor: 'cursor-4711', tools: [{ name: 'long-tool-name' }] } },
    );
    expect(recording.call('tools/call', tool({ id: 'task-4711', tool: 'long-tool-name' })).refs).toEqual([
      { to: '/arguments/id', call: 0, from: '/content/0/text', within: '/task/id' },
    ]);
    expect(recording.call('tools/list', { cursor: 'cursor-4711' }).refs).toEqual([
      { to: '/cursor', call: 1, from: '/nextCursor' },
    ]);
  });

  it('does not refer to what the caller said first, nor to results of other callers, nor to short values', () => {
    const recording = new Recording();
    const result = { content: [{ text: 'hello world' }, { text: 'short' }, { text: 'of another caller' }] };
    recording.call('tools/call', tool({ text: 'hello world' }), { result });
    expect(recording.call('tools/call', tool({ text: 'hello world', more: 'short' })).refs).toBeUndefined();
    const other = recording.call('tools/call', tool({ text: 'of another caller' }), { connection: 2 });
    expect(other.refs).toBeUndefined();
  });

  it('refers to results of other connections, where callers show neither session nor credentials', () => {
    const recording = new Recording();
    const basket = { result: { basket_id: 'basket-4711', state: 'provisional', note: 'of basket 4711' } };
    recording.call('tools/call', tool({}), { ...basket, connection: 1 });
    const used = tool({ basket_id: 'basket-4711', state: 'provisional', note: 'of basket 4711' });
    const refsOf = (setup: { readonly connection: number; readonly fields?: string }) =>
      recording.call('tools/call', used, setup).refs;
    expect(refsOf({ connection: 2 })).toEqual([{ to: '/arguments/basket_id', call: 0, from: '/basket_id' }]);
    expect(refsOf({ connection: 3, fields: 'authorization: Bearer one-token\r\n' })).toBeUndefined();
    expect(refsOf({ connection: 3, fields: 'mcp-session-id: session-one\r\n' })).toBeUndefined();
  });

  it.each([
    ['basket-4711', true],
    ['CtgrQHFvPMezFtVdMrHytg', true],
    ['provisional', false],
    ['unquestionably-provisional', false],
    ['CreateBasket', false],
    ['version 4711', false],
  ])('takes %s for an identifier of such a caller: %s', (value, isIdentifier) => {
    const recording = new Recording();
    recording.call('tools/call', tool({}), { connection: 1, result: { value } });
    const { refs } = recording.call('tools/call', tool({ value }), { connection: 2 });
    expect(refs !== undefined).toBe(isIdentifier);
  });

  it('does not refer to what any of these callers said first', () => {
    const recording = new Recording();
    const order = { order: 'order-4711' };
    recording.call('tools/call', tool(order), { connection: 1, result: order });
    expect(recording.call('tools/call', tool(order), { connection: 2 }).refs).toBeUndefined();
  });

  it('leaves out parameters that are too long, and says how long they were', () => {
    const recording = new Recording();
    const line = recording.call('tools/call', tool({ text: 'x'.repeat(MOST_PARAMS) }));
    expect(line.params).toBeUndefined();
    expect(line.omitted!.bytes).toBeGreaterThan(MOST_PARAMS);
    expect(line.name).toBe('add');
  });
});

/** Where a secret may be planted in the parameters of a call. */
const PLACES: readonly ((secret: string) => Json)[] = [
  (secret) => ({ name: secret }),
  (secret) => tool({ token: secret }),
  (secret) => tool({ api_key: { deep: [{ value: secret }] } }),
  (secret) => tool({ text: `it is ${secret}, they say` }),
  (secret) => tool({ [secret]: 1 }),
  (secret) => tool({ url: `https://user:${secret}@example.com/` }),
  (secret) => tool({ url: `https://example.com/?access_token=${secret}` }),
  (secret) => tool({ list: [['a', [secret]]] }),
  (secret) => ({ uri: `file:///${secret}` }),
  (secret) => ({ ...tool({}), _meta: { note: secret } }),
];

const FIELDS: readonly ((secret: string) => string)[] = [
  (secret) => `authorization: Bearer ${secret}\r\n`,
  (secret) => `cookie: a=1; session=${secret}; b=2\r\n`,
  (secret) => `mcp-session-id: ${secret}\r\n`,
  (secret) => `x-api-key: ${secret}\r\n`,
];

describe('a secret', () => {
  const secrets = fc.stringMatching(/^[A-Za-z0-9_-]{12,60}$/);

  it('of a request is never in the trace, wherever it stands', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom(...PLACES),
        fc.constantFrom(...FIELDS),
        fc.constantFrom('tools/call', 'resources/read', 'prompts/get', 'some/method'),
        (secret, place, field, method) => {
          const recording = new Recording();
          recording.call(method, place(secret), { fields: field(secret), result: { note: secret } });
          recording.call(method, place(secret), { fields: field(secret) });
          expect(recording.lines.join('\n')).not.toContain(secret);
          expect(recording.lines.join('\n')).not.toContain('in-the-query');
        },
      ),
    );
  });

  it('is told by the pointers to what was replaced', () => {
    const recording = new Recording();
    const line = recording.call(
      'tools/call',
      tool({ token: 'abcdefgh', note: 'Bearer abcdefgh.ijkl', item: 'tea' }),
    );
    expect(line.hidden).toEqual(['/arguments/token', '/arguments/note']);
    expect(line.params).toEqual(tool({ token: '(not recorded)', note: 'Bearer (removed)', item: 'tea' }));
  });

  it('in free text is removed, and counted when the recording ends', () => {
    const recording = new Recording();
    const key = 'sk-proj-4f9Kq2mZ7xW1vB8nR3tY6uP0';
    const text = `use ${key}, and postgres://app:hunter22@db.example/orders`;
    const line = recording.call('tools/call', tool({ text, list: [`password: hunter22`], max_tokens: 512 }));
    expect(line.params).toEqual(
      tool({
        text: 'use (removed), and postgres://(removed)@db.example/orders',
        list: ['password: (removed)'],
        max_tokens: 512,
      }),
    );
    expect(line.hidden).toEqual(['/arguments/text', '/arguments/list/0']);
    recording.call('tools/call', tool({ text: 'nothing to hide' }));
    recording.call('prompts/get', { name: 'ghp_0123456789abcdefghijABCDEFGHIJ012345' });
    expect(JSON.parse(recording.lines[0]!)).not.toHaveProperty('secretsRemoved');
    recording.recorder.close();
    expect(JSON.parse(recording.lines[0]!)).toMatchObject({ secretsRemoved: 4 });
    expect(recording.recorder.counts).toMatchObject({ hidden: 2, secretsRemoved: 4 });
    expect(recording.lines.join()).not.toMatch(/hunter22|ghp_|sk-/);
  });

  it('in a key of the parameters is removed there', () => {
    const line = new Recording().call('tools/call', tool({ 'token=abcdefgh12345678': 1 }));
    expect(line.params).toEqual(tool({ 'token=(removed)': '(not recorded)' }));
    expect(line.hidden).toEqual(['/arguments/token=(removed)']);
  });

  it('is not what only looks like one by its name', () => {
    const args = { author: 'Ada Lovelace', token_type: 'Bearer', max_tokens: 512 };
    const line = new Recording().call('tools/call', tool(args));
    expect([line.params, line.hidden]).toEqual([tool(args), undefined]);
  });

  it('that an earlier result gave is a reference', () => {
    const recording = new Recording();
    recording.call('tools/call', tool({}), { result: { token: 'minted-token' } });
    const line = recording.call('tools/call', tool({ token: 'minted-token' }));
    expect([line.refs?.[0]?.from, line.hidden]).toEqual(['/token', undefined]);
    expect(recording.lines.join()).not.toContain('minted-token');
  });
});
