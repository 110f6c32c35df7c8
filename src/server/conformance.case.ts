/** @module What a server that offers the fixtures of the official conformance suite answers to them; one suite, both stateless servers. */
import { describe, expect, it } from 'vitest';
import { completeOffer } from '../profile/section/offer.ts';
import { type Answered, read, TOOLS, useInstance } from './ask.case.ts';
import type { OwnServer } from './programs.ts';

type Params = Readonly<Record<string, unknown>>;

const ALL = { elicitation: {}, sampling: {}, roots: {} };

/** The suite. */
export function conformanceCases(settings: OwnServer): void {
  const offer = {
    ...completeOffer(TOOLS),
    resources: 2,
    prompts: 2,
    templates: 1,
    conformance: true,
  } as const;
  const instance = useInstance(settings, TOOLS, undefined, offer);
  const plain = useInstance(settings);

  async function ask(
    method: string,
    params: Params = {},
    { capabilities = ALL, headers = {}, url = instance.url, meta = {} } = {},
  ): Promise<Answered & { readonly text: string }> {
    const name = params['name'] ?? params['uri'];
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': capabilities,
      ...meta,
    };
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(typeof name === 'string' && { 'mcp-name': name }),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
    });
    const text = await response.clone().text();
    return { ...(await read(response)), text };
  }
  const resultOf = async (method: string, params?: Params, options?: Parameters<typeof ask>[2]) =>
    (await ask(method, params, options)).message.result;
  const call = (name: string, more: Params = {}, options?: Parameters<typeof ask>[2]) =>
    ask('tools/call', { name, arguments: {}, ...more }, options);

  it('offers nothing of it unless it is asked to', async () => {
    const { tools } = await resultOf('tools/list', {}, { url: plain.url });
    expect(tools).toHaveLength(TOOLS.catalogue);
    expect((await resultOf('server/discover', {}, { url: plain.url })).capabilities).not.toHaveProperty(
      'completions',
    );
    const { error } = (await ask('completion/complete', {}, { url: plain.url })).message;
    expect(error.code).toBe(-32601);
  });

  it('lists the fixtures after what the profile asks for', async () => {
    const { tools } = await resultOf('tools/list');
    expect(tools.slice(0, 3).map(({ name }: { name: string }) => name)).toEqual(['echo', 'work', 'report']);
    expect(tools.length).toBeGreaterThan(TOOLS.catalogue + 10);
    expect((await resultOf('prompts/list')).prompts).toHaveLength(7);
    expect((await resultOf('resources/list')).resources).toHaveLength(4);
    expect((await resultOf('resources/templates/list')).resourceTemplates).toHaveLength(2);
    expect((await resultOf('server/discover')).capabilities).toMatchObject({ completions: {} });
    const schema = tools.find(
      ({ name }: { name: string }) => name === 'json_schema_2020_12_tool',
    ).inputSchema;
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { address: { $anchor: 'addressDef' } },
      additionalProperties: false,
    });
    expect(Object.keys(schema)).toEqual(expect.arrayContaining(['allOf', 'if', 'then', 'else']));
  });

  it('names the tools that a catalogue gains as if the fixtures were not there', async () => {
    const gained = async (server: typeof instance) => {
      const change = { version: 1, what: 'tools', added: 1, notify: false } as const;
      await server.ask({ kind: 'catalogue', change });
      const { tools } = await resultOf('tools/list', {}, { url: server.url });
      return tools.at(-1).name;
    };
    expect(await gained(instance)).toBe(await gained(plain));
  });

  it.each([
    ['test_simple_text', ['text']],
    ['test_image_content', ['image']],
    ['test_audio_content', ['audio']],
    ['test_embedded_resource', ['resource']],
    ['test_multiple_content_types', ['text', 'image', 'resource']],
  ])('answers %s with %j', async (name, types) => {
    const { content, isError } = (await call(name)).message.result;
    expect(content.map(({ type }: { type: string }) => type)).toEqual(types);
    expect(isError ?? false).toBe(false);
  });

  it('fails a call where it should', async () => {
    expect((await call('test_error_handling')).message.result).toMatchObject({ isError: true });
  });

  it('tells of progress those who give a token, before the result', async () => {
    const meta = { progressToken: 'p-1' };
    const { text, message, headers } = await call('test_tool_with_progress', {}, { meta });
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data!));
    expect(events.map(({ params }) => params?.progress)).toEqual([0, 50, 100, undefined]);
    expect(events[0]).toMatchObject({ method: 'notifications/progress', params: { progressToken: 'p-1' } });
    expect(message.result.content[0].text).toBe('The work is done.');
    const quiet = await call('test_tool_with_progress');
    expect(quiet.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('reads a text, an image and any URI of the template', async () => {
    const contents = async (uri: string) => (await resultOf('resources/read', { uri })).contents[0];
    expect(await contents('test://static-text')).toMatchObject({
      mimeType: 'text/plain',
      text: expect.any(String),
    });
    const { blob } = await contents('test://static-binary');
    expect(Buffer.from(blob, 'base64').subarray(1, 4).toString()).toBe('PNG');
    expect((await contents('test://template/123/data')).text).toContain('123');
    const unknown = await ask('resources/read', { uri: 'test://template/data' });
    expect(unknown.message.error.code).toBe(-32602);
  });

  it('fills in prompts, and embeds what they have', async () => {
    const get = async (name: string, given = {}) =>
      (await resultOf('prompts/get', { name, arguments: given })).messages.map(
        ({ content }: { content: unknown }) => content,
      );
    expect(await get('test_simple_prompt')).toMatchObject([{ type: 'text' }]);
    const [{ text }] = await get('test_prompt_with_arguments', { arg1: 'one', arg2: 'two' });
    expect(text).toBe("Prompt with arguments: arg1='one', arg2='two'");
    const embedded = await get('test_prompt_with_embedded_resource', { resourceUri: 'test://a' });
    expect(embedded[0]).toMatchObject({ type: 'resource', resource: { uri: 'test://a' } });
    expect((await get('test_prompt_with_image'))[0]).toMatchObject({ type: 'image', mimeType: 'image/png' });
  });

  it('completes an argument', async () => {
    const ref = { type: 'ref/prompt', name: 'test_prompt_with_arguments' };
    const argument = { name: 'arg1', value: 'par' };
    const { completion } = await resultOf('completion/complete', { ref, argument });
    expect(completion).toEqual({ values: ['paris', 'park', 'party'], total: 3, hasMore: false });
    const wrong = await ask('completion/complete', { ref });
    expect(wrong.message.error.code).toBe(-32602);
  });

  it.each([
    ['sent as it is', { 'mcp-param-region': 'eu' }, 'eu', undefined],
    ['in Base64', { 'mcp-param-region': '=?base64?SGVsbG8=?=' }, 'Hello', undefined],
    ['that looks like Base64 but has no marks', { 'mcp-param-region': 'SGVsbG8=' }, 'SGVsbG8=', undefined],
    ['that is missing', {}, 'eu', -32020],
    ['of another value', { 'mcp-param-region': 'us' }, 'eu', -32020],
    ['in bad Base64', { 'mcp-param-region': '=?base64?SGVs!!!bG8=?=' }, 'Hello', -32020],
  ])('checks a mirrored argument %s', async (_, headers, region, code) => {
    const answered = await call('test_mirrored_argument', { arguments: { region } }, { headers });
    expect([answered.status, answered.message.error?.code]).toEqual([code === undefined ? 200 : 400, code]);
  });

  describe('asks back', () => {
    const accept = (content: object) => ({ action: 'accept', content });
    const TOOL = 'test_input_required_result_elicitation';

    it.each([
      [TOOL, { user_name: accept({ name: 'Alice' }) }],
      [
        'test_input_required_result_sampling',
        { capital_question: { role: 'assistant', content: { type: 'text', text: 'Paris' }, model: 'm' } },
      ],
      ['test_input_required_result_list_roots', { client_roots: { roots: [{ uri: 'file:///a' }] } }],
    ])('%s, until it has the answer', async (name, inputResponses) => {
      const asked = (await call(name)).message.result;
      expect(asked.resultType).toBe('input_required');
      expect(Object.keys(asked.inputRequests)).toEqual(Object.keys(inputResponses));
      const wrong = { other: accept({}) };
      expect((await call(name, { inputResponses: wrong })).message.result.resultType).toBe('input_required');
      const done = (await call(name, { inputResponses: { ...inputResponses, ...wrong } })).message.result;
      expect(done).toMatchObject({ resultType: 'complete', content: [{ type: 'text' }] });
    });

    it('takes no answer that is not an object', async () => {
      for (const inputResponses of [{ user_name: 12_345 }, null]) {
        const { message } = await call(TOOL, { inputResponses });
        expect(message.result?.resultType).not.toBe('complete');
      }
    });

    it('one round after the other, by the state that comes back', async () => {
      const name = 'test_input_required_result_multi_round';
      const first = (await call(name)).message.result;
      const answers = { step1: accept({ name: 'Alice' }) };
      const second = (await call(name, { inputResponses: answers, requestState: first.requestState })).message
        .result;
      expect(second.inputRequests).toHaveProperty('step2');
      expect(second.requestState).not.toBe(first.requestState);
      const last = await call(name, {
        inputResponses: { step2: accept({ color: 'blue' }) },
        requestState: second.requestState,
      });
      expect(last.message.result.resultType).toBe('complete');
    });

    it('and refuses a state that was changed, or is that of another tool', async () => {
      const name = 'test_input_required_result_tampered_state';
      const inputResponses = { confirm: accept({ ok: true }) };
      const { requestState } = (await call(name)).message.result;
      const other = (await call('test_input_required_result_request_state')).message.result.requestState;
      for (const state of [`${requestState}-TAMPERED`, `x${requestState}`, 'x', other]) {
        const { message } = await call(name, { inputResponses, requestState: state });
        expect(message.error?.code).toBe(-32602);
      }
      const good = await call(name, { inputResponses, requestState });
      expect(good.message.result.resultType).toBe('complete');
    });

    it('only what the client can answer', async () => {
      const asked = async (capabilities: object) =>
        (
          await call(
            'test_input_required_result_capabilities',
            {},
            { capabilities: capabilities as typeof ALL },
          )
        ).message.result;
      expect(Object.values((await asked({ sampling: {} })).inputRequests)).toMatchObject([
        { method: 'sampling/createMessage' },
      ]);
      expect((await asked({})).resultType).toBe('complete');
    });

    it('of a prompt as well', async () => {
      const name = 'test_input_required_result_prompt';
      const asked = await resultOf('prompts/get', { name });
      expect(asked.resultType).toBe('input_required');
      const inputResponses = { user_context: accept({ context: 'tests' }) };
      expect(await resultOf('prompts/get', { name, inputResponses })).toMatchObject({
        resultType: 'complete',
        messages: [{ role: 'user' }],
      });
    });
  });
}
