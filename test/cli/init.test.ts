/** @module What `paceline init` prints: profiles that run without an edit, of healthy and of awkward servers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { EXIT } from '../../src/cli/exit.ts';
import { type InitCommandOptions, init } from '../../src/cli/init.ts';
import { runExperiment } from '../../src/experiment/experiment.ts';
import { parseProfile } from '../../src/experiment/parse-profile.ts';
import { settingsOf, startFor } from '../../src/testbed/profile-testbed.case.ts';
import type { Testbed } from '../../src/testbed/testbed.ts';
import { type Handle, json, listen, type Message, rpcError } from '../servers/server.ts';
import { endedHere, run } from './in-process.ts';
import { type Ended, profileFile, scratch, start } from './paceline.ts';

let testbed: Testbed | undefined;
afterEach(async () => {
  await testbed?.stop();
  testbed = undefined;
});

async function fleetUrl(fleet: string): Promise<string> {
  testbed = await startFor(settingsOf(`fleet: ${fleet}`));
  return testbed.endpoint.url;
}

/** `paceline init` in this process. */
const initOf = (
  url: string | undefined,
  options: Partial<InitCommandOptions> = {},
  env?: Readonly<Record<string, string>>,
): Promise<Ended> =>
  endedHere({ env }, () => init(url, { era: 'auto', header: [], allow: [], insecure: false, ...options }));

interface Call {
  readonly name?: string;
  readonly flow?: readonly Call[];
  readonly save?: object;
  readonly tool?: string;
  readonly read?: string;
  readonly prompt?: string;
  readonly list?: string;
  readonly arguments?: object;
}

/** The calls of a profile that is valid and well-formed. */
function callsOf({ stdout, stderr, code }: Ended): readonly Call[] {
  expect(stderr).not.toContain('internal error');
  expect(code).toBe(EXIT.pass);
  const document = parseDocument(stdout);
  expect(document.errors).toEqual([]);
  return (document.toJS() as { readonly calls: readonly Call[] }).calls;
}

/** What `run` does with a profile, for a moment: it has to be valid, and every call of it answered. */
async function measured(text: string): Promise<void> {
  const set = ['load.duration=400ms', 'load.warmup=0s', 'load.rate=100/s', 'load.workers=1'];
  const { variants } = await runExperiment({ profile: parseProfile(text, { set }) }).result();
  const { calls } = variants[0]!.summary!;
  expect(calls.done).toBeGreaterThan(0);
  expect(calls.errorRate).toBe(0);
}

interface Tool {
  readonly name: string;
  readonly inputSchema?: object;
  readonly annotations?: object;
  readonly description?: string;
}

const READS = { annotations: { readOnlyHint: true } };
const OBJECT = { type: 'object' };

/** A server of the stateless era that lists `tools`, and answers a call as `answer` does. */
function toolServer(
  tools: readonly Tool[],
  answer: (message: Message, respond: (result: object) => void) => void = (_, respond) =>
    respond({ content: [{ type: 'text', text: 'done' }] }),
): Handle {
  const listed = tools.map((tool) => ({ inputSchema: OBJECT, ...tool }));
  return ({ message, httpMethod }, response) => {
    if (httpMethod !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const respond = (result: object): void =>
      json(response, 200, { jsonrpc: '2.0', id: message.id, result: { resultType: 'complete', ...result } });
    const hints = { ttlMs: 0, cacheScope: 'private' };
    if (message.method === 'server/discover')
      respond({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...hints });
    else if (message.method === 'tools/list') respond({ tools: listed, ...hints });
    else if (message.method === 'tools/call') answer(message, respond);
    else json(response, 404, rpcError(message.id ?? null, -32601, 'Method not found'));
  };
}

describe('a profile that paceline init prints', () => {
  it.each([
    ['SDK 2.x', '{ server: sdk, instances: 1, offer: { resources: 7, prompts: 2 } }', 'stateless'],
    [
      'SDK 1.x',
      '{ server: sdk, era: sessions, instances: 1, offer: { resources: 7, prompts: 2 } }',
      'sessions',
    ],
    ['lean', '{ server: lean, instances: 2, offer: { conformance: true } }', 'stateless'],
  ])('for a server of %s runs without an edit', async (_, fleet, era) => {
    const url = await fleetUrl(fleet);
    const ended = await initOf(url, { allow: ['echo'] });
    const calls = callsOf(ended);
    expect(calls[0]).toMatchObject({ tool: 'echo', arguments: { text: 'text' } });
    expect(calls.map(({ tool }) => tool)).not.toContain('issues_update');
    expect(calls.filter(({ read }) => read !== undefined).length).toBeLessThanOrEqual(5);
    expect(calls).toContainEqual(expect.objectContaining({ list: 'tools' }));
    expect(ended.stdout).toContain(`era: ${era}`);
    expect(ended.stderr).toMatch(/^ {2}tool echo {"text":"text"}: ok in /m);
    await measured(ended.stdout);
  });
});

/** A shop: baskets have to exist, and `view` says so in a text only. Its guides are resources by template. */
function shop(): Handle {
  const baskets = new Map<string, number>();
  const id = { basket_id: { type: 'string' } };
  const tools = [
    { name: 'view', ...READS, inputSchema: { ...OBJECT, properties: id, required: ['basket_id'] } },
    {
      name: 'count_items',
      ...READS,
      inputSchema: {
        ...OBJECT,
        properties: { ...id, note: { type: 'string', default: '{{x}}' } },
        required: ['basket_id', 'note'],
      },
    },
    { name: 'open_basket', ...READS },
    {
      name: 'lost',
      ...READS,
      inputSchema: { ...OBJECT, properties: { order_id: { type: 'string' } }, required: ['order_id'] },
    },
  ].map((tool) => ({ inputSchema: OBJECT, ...tool }));
  const said = (value: object, isError = false): object => ({
    content: [
      { type: 'text', text: 'done' },
      { type: 'text', text: JSON.stringify(value) },
    ],
    isError,
  });
  const call = (name: unknown, { basket_id: basket }: { readonly basket_id?: string }): object => {
    if (name === 'open_basket') {
      const made = `b${baskets.size + 1}`;
      baskets.set(made, 0);
      return said({ basket: { id: made } });
    }
    if (name === 'view') return said({ found: baskets.has(basket ?? '') });
    return baskets.has(basket ?? '') ? said({ items: 0 }) : said({ why: 'unknown' }, true);
  };
  return ({ message, httpMethod }, response) => {
    if (httpMethod !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const { method, id: number, params = {} } = message;
    const hints = { ttlMs: 0, cacheScope: 'private' };
    const uri = String(params['uri'] ?? '');
    const results: Readonly<Record<string, object | undefined>> = {
      'server/discover': {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, resources: {}, completions: {} },
        ...hints,
      },
      'tools/list': { tools, ...hints },
      'resources/list': { resources: [], ...hints },
      'resources/templates/list': {
        resourceTemplates: [
          { uriTemplate: 'guide://{topic}/{page}', name: 'guide' },
          { uriTemplate: 'door://{door}', name: 'door' },
          { uriTemplate: 'not{closed', name: 'broken' },
        ],
        ...hints,
      },
      'completion/complete': {
        completion: {
          values: (params['argument'] as { name?: string })?.name === 'topic' ? ['bees', 'ants'] : [],
        },
      },
      'resources/read':
        uri === 'guide://bees/1' ? { contents: [{ uri, text: 'buzz' }], ...hints } : undefined,
      'tools/call': call(params['name'], (params['arguments'] ?? {}) as object),
    };
    const result = results[method ?? ''];
    const answer =
      result === undefined
        ? rpcError(number ?? null, -32602, 'Unknown')
        : { jsonrpc: '2.0', id: number, result: { resultType: 'complete', ...result } };
    json(response, 200, answer);
  };
}

describe('what a call needs of others', () => {
  it('is given by a flow, and templates of resources by a read', async () => {
    await using server = await listen(shop());
    const ended = await initOf(server.url);
    const calls = callsOf(ended);
    const open = { tool: 'open_basket', save: { basket_id: '$.basket.id' } };
    expect(calls).toEqual([
      {
        name: 'view',
        flow: [open, { tool: 'view', arguments: { basket_id: '{{saved.basket_id}}' } }],
        weight: 10,
      },
      {
        name: 'count_items',
        flow: [
          open,
          { tool: 'count_items', arguments: { note: '\\{{x}}', basket_id: '{{saved.basket_id}}' } },
        ],
        weight: 10,
      },
      { tool: 'open_basket', arguments: {}, weight: 10 },
      { list: 'tools', weight: 1 },
      { list: 'templates', weight: 1 },
      { read: 'guide://bees/1', weight: 5 },
    ]);
    expect(ended.stdout).toMatch(/failed: tool-error: .*\n {2}# - \{ tool: "lost"/);
    expect(ended.stdout).toMatch(
      /door:\/\/\{door\}: door \(failed: rpc-error.*\n {2}# - \{ read: "door:\/\/1"/,
    );
    expect(ended.stderr).toMatch(/^ {2}flow open_basket, count_items: ok in /m);
    await measured(ended.stdout);
  });
});

describe('paceline init', () => {
  it('calls no tool that is not safe unless it is named, and writes it as a comment', async () => {
    const called: unknown[] = [];
    const tools = [
      { name: 'look', ...READS },
      { name: 'make' },
      { name: 'erase', annotations: { destructiveHint: true } },
      { name: 'wipe', annotations: { readOnlyHint: true, destructiveHint: true } },
    ];
    await using server = await listen(
      toolServer(tools, (message, respond) => {
        called.push(message.params?.['name']);
        respond({ content: [] });
      }),
    );
    const ended = await initOf(server.url);
    expect(callsOf(ended).flatMap(({ tool }) => tool ?? [])).toEqual(['look']);
    expect(called).toEqual(['look']);
    expect(ended.stdout).toMatch(/destructiveHint; --allow NAME tries it\)\n {2}# - \{ tool: "erase"/);
    called.splice(0);
    callsOf(await initOf(server.url, { allow: ['erase'] }));
    expect(called).toEqual(['look', 'erase']);
  });

  it('leaves out what fails, what no arguments fit and what asks back, with the reason', async () => {
    const impossible = {
      ...OBJECT,
      properties: { a: { type: 'string', minLength: 5, maxLength: 2 } },
      required: ['a'],
    };
    const tools = [
      { name: 'good', ...READS, description: 'Says {{nothing}}\n- { tool: "evil" }' },
      { name: 'bad', ...READS },
      { name: 'unfit', ...READS, inputSchema: impossible },
      { name: 'asks', ...READS },
    ];
    await using server = await listen(
      toolServer(tools, ({ params }, respond) => {
        if (params?.['name'] === 'asks') respond({ resultType: 'input_required', inputRequests: {} });
        else respond({ content: [{ type: 'text', text: 'no luck' }], isError: params?.['name'] === 'bad' });
      }),
    );
    const ended = await initOf(server.url);
    expect(callsOf(ended).map(({ tool, list }) => tool ?? list)).toEqual(['good', 'tools']);
    expect(ended.stdout).toMatch(/failed: tool-error: no luck\)\n {2}# - \{ tool: "bad"/);
    expect(ended.stdout).toMatch(/no arguments were found .*\n {2}# - \{ tool: "unfit"/);
    expect(ended.stdout).toMatch(/failed: input-required.*\n {2}# - \{ tool: "asks"/);
    await measured(ended.stdout);
  });

  it('writes no secret that a schema names, and says that a value has to take its place', async () => {
    const secret = { type: 'string', default: 'hunter2-4711' };
    const properties = {
      password: secret,
      apiKey: { type: 'string', enum: ['k3y-of-all'] },
      login: { type: 'object', properties: { token: { $ref: '#/$defs/secret' } }, required: ['token'] },
      accessToken: { type: 'string' },
      otp: { type: 'integer', default: 47_114_711 },
      max_tokens: { type: 'integer', default: 4096 },
      session_id: { type: 'string', default: 's-1' },
    };
    const inputSchema = { ...OBJECT, $defs: { secret }, properties, required: Object.keys(properties) };
    const sent: unknown[] = [];
    await using server = await listen(
      toolServer([{ name: 'log_in', ...READS, inputSchema }], ({ params }, respond) => {
        sent.push(params?.['arguments']);
        respond({ content: [] });
      }),
    );
    const ended = await initOf(server.url);
    const written = {
      password: '<password>',
      apiKey: '<apiKey>',
      accessToken: 'text',
      otp: '<otp>',
      max_tokens: 4096,
      session_id: 's-1',
    };
    expect(callsOf(ended)[0]).toMatchObject({ tool: 'log_in', arguments: written });
    expect(sent[0]).toMatchObject({ password: 'hunter2-4711', apiKey: 'k3y-of-all', otp: 47_114_711 });
    expect(ended.stdout + ended.stderr).not.toMatch(/hunter2|k3y-of-all|47114711/);
    expect(ended.stdout).toContain('# <NAME> in arguments is a secret');
    expect(ended.stderr).toContain('the profile has no secret of the schema of log_in');
  });

  it('tries 40 of 500 tools', async () => {
    const tools = Array.from({ length: 500 }, (_, index) => ({ name: `t${index}`, ...READS }));
    await using server = await listen(toolServer(tools));
    const ended = await initOf(server.url);
    expect(callsOf(ended)).toHaveLength(41);
    expect(server.count('tools/call')).toBe(40);
    expect(ended.stderr).toContain('460 not tried');
    expect(ended.stdout.match(/enough others were/g)).toHaveLength(460);
  });

  it('begins with a lower rate where calls take long', async () => {
    await using server = await listen(
      toolServer([{ name: 'slow', ...READS }], (_, respond) =>
        setTimeout(() => respond({ content: [] }), 300),
      ),
    );
    const { stdout } = await initOf(server.url);
    expect(stdout).toMatch(/^ {2}rate: 1\/s$/m);
  });

  it('ends on Ctrl-C without a profile, also while a call is not answered', async () => {
    await using server = await listen(toolServer([{ name: 'hangs', ...READS }], () => {}));
    const child = start('init', server.url);
    await expect.poll(() => server.count('tools/call'), { timeout: 20_000 }).toBe(1);
    child.process.kill('SIGINT');
    const { code, stdout, stderr } = await child.ended;
    expect([code, stdout]).toEqual([EXIT.interrupted, '']);
    expect(stderr).toContain('interrupted');
  });

  it.each<[string, Handle, RegExp]>([
    ['speaks no MCP', (_, response) => response.writeHead(200).end('hello'), /not MCP|no MCP|MCP/],
    ['wants a token', (_, response) => response.writeHead(401).end(), /token|header/i],
    ['offers nothing', toolServer([]), /lists no tool, no resource and no prompt/],
  ])('says what to do when the server %s', async (_, handle, expected) => {
    await using server = await listen(handle);
    const { code, stdout, stderr } = await initOf(server.url);
    expect([code, stdout]).toEqual([EXIT.usage, '']);
    expect(stderr).toMatch(expected);
  });

  it.each<[string | undefined, Partial<InitCommandOptions>, RegExp]>([
    [undefined, {}, /URL is missing|URL: is missing/],
    ['ftp://127.0.0.1/mcp', {}, /is not an HTTP URL/],
    ['http://127.0.0.1:9/mcp', { server: 'x' }, /--server: has no effect without --from/],
  ])('refuses %j with %j', async (url, options, expected) => {
    const { code, stderr } = await initOf(url, options);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(expected);
  });

  it('refuses a header that is none', async () => {
    const { code, stderr } = await start('init', 'http://127.0.0.1:9/mcp', '--header', 'nonsense').ended;
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/--header/);
  });
});

describe('the connection of a client', () => {
  /** Answers only who has the token. */
  const guarded = (tools: readonly Tool[]): Handle => {
    const handle = toolServer(tools);
    return (received, response) => {
      if (received.headers.authorization === 'Bearer s3cret-token-1') handle(received, response);
      else response.writeHead(401).end();
    };
  };
  const fileWith = (text: string): string => {
    const path = join(scratch(), 'mcp.json');
    writeFileSync(path, text);
    return path;
  };

  it('is taken with its headers; the credential is never written', async () => {
    await using server = await listen(guarded([{ name: 'look', ...READS }]));
    const file = fileWith(`{
      // of an editor
      "servers": { "my-shop": { "type": "http", "url": "${server.url}", "headers": { "Authorization": "Bearer s3cret-token-1", }, }, },
    }`);
    const ended = await start('init', '--from', file).ended;
    callsOf(ended);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('s3cret');
    expect(ended.stdout).toContain('Bearer ${MY_SHOP_AUTHORIZATION}');
    expect(ended.stderr).toContain('set MY_SHOP_AUTHORIZATION');
    const env = { MY_SHOP_AUTHORIZATION: 's3cret-token-1' };
    expect((await run({ env }, profileFile(ended.stdout), '--once')).code).toBe(EXIT.pass);
  });

  it('has variables as clients write them', async () => {
    await using server = await listen(guarded([{ name: 'look', ...READS }]));
    const headers = { Authorization: 'Bearer ${env:SHOP_TOKEN}' };
    const servers = { shop: { url: server.url, headers }, other: { command: 'npx', args: ['x'] } };
    const file = fileWith(JSON.stringify({ mcpServers: servers }));
    const env = { SHOP_TOKEN: 's3cret-token-1' };
    const ended = await initOf(undefined, { from: file, server: 'shop' }, env);
    callsOf(ended);
    expect(ended.stdout).toContain('Bearer ${SHOP_TOKEN}');
  });
});
