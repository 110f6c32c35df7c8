/** @module `paceline run --once` and `--variant`: each call once, with the exchange of those that fail, of the variants that were asked for. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paceline, profileFile, start } from './paceline.ts';

/** Answers everything but the tools `broken`, with an error, and `hangs`, never. */
const server: Server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const { id, params } = JSON.parse(text);
    if (params.name === 'hangs') return;
    const body =
      params.name === 'broken'
        ? { error: { code: -32602, message: 'Unknown tool: broken' } }
        : { result: { resultType: 'complete', content: [], tools: [] } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const profile = (calls: string): string =>
  profileFile(`version: 1
load: { rate: 10/s, duration: 60s }
calls: [${calls}]
target:
  url: http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp
  era: stateless
  headers: { authorization: Bearer sesame-open-up }
variants: [{ name: first }, { name: second, load.rate: 20/s }]`);

describe('a profile tried once', () => {
  it('makes each call of each variant once and passes when all end ok', async () => {
    const { code, stdout, stderr } = await paceline(
      'run',
      profile('{ list: tools }, { tool: echo }'),
      '--once',
    );
    expect(stdout.replace(/ in \S+ [mu]?s$/gm, '')).toBe(
      'first: tools/list: ok\nfirst: tools/call echo: ok\nsecond: tools/list: ok\nsecond: tools/call echo: ok\n4 calls made once, 0 failed\n',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('shows the exchange of a call that fails, without credentials, and exits with 3', async () => {
    const { code, stdout } = await paceline(
      'run',
      profile('{ tool: broken }'),
      '--once',
      '--variant',
      'second',
    );
    expect(stdout).toContain('second: tools/call broken: rpc-error: -32602 Unknown tool: broken\n');
    expect(stdout).toContain('  > Mcp-Name: broken\n  > authorization: (not shown)\n');
    expect(stdout).toContain('"method":"tools/call","params":{"name":"broken"');
    expect(stdout).toContain('  < 200 OK\n');
    expect(stdout).toContain('"error":{"code":-32602');
    expect(stdout).not.toContain('sesame');
    expect(stdout).not.toContain('first');
    expect(code).toBe(3);
  });
});

it('lists the calls of a flow that were not reached after one that failed', async () => {
  const flow =
    '{ name: order, flow: [{ list: tools }, { parallel: [{ tool: broken }, { discover: true }] }, { tool: echo }, { list: prompts }] }';
  const { code, stdout } = await paceline(
    'run',
    profile(`${flow}, { tool: echo }`),
    '--once',
    '--variant',
    'first',
  );
  const because = 'not reached, because order / tools/call broken did not end ok';
  expect(stdout.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
    expect.stringMatching(/^first: tools\/call echo: ok in /),
    expect.stringMatching(/^first: order \/ tools\/list: ok in /),
    expect.stringMatching(/^first: order \/ tools\/call broken: rpc-error/),
    expect.stringMatching(/^first: order \/ server\/discover: ok in /),
    `first: order / tools/call echo: ${because}`,
    `first: order / prompts/list: ${because}`,
    '4 calls made once, 1 failed, 2 not reached',
    '',
  ]);
  expect(code).toBe(3);
});

it('rejects an unknown variant, and lists the known ones', async () => {
  const { code, stderr } = await paceline('run', profile('{ list: tools }'), '--variant', 'third');
  expect(stderr).toBe(
    'paceline: --variant: the profile has no variant "third"; expected one of "first", "second"\n',
  );
  expect(code).toBe(2);
});

it.each([
  ['--plan', '--once'],
  ['--plan', '--json'],
  ['--once', '--json'],
  ['--quiet', '--verbose'],
])('refuses %s with %s', async (one, other) => {
  const { code, stdout, stderr } = await paceline('run', profile('{ list: tools }'), one, other);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`paceline: ${one} and ${other}: cannot be combined (choose one of them)\n`);
});

it('ends without an error when its output is no longer read', async () => {
  const { process: child, ended } = start('run', profile('{ list: tools }, { tool: broken }'), '--once');
  child.stdout!.destroy();
  const { code, stderr } = await ended;
  expect(stderr).not.toContain('Error');
  // The tool is broken, whether or not somebody reads that.
  expect(code).toBe(3);
});

it('ends at once when it is interrupted, and says how many calls were not made', async () => {
  const calls = '{ list: tools }, { tool: hangs }, { tool: echo }';
  const running = start('run', profile(calls), '--once', '--set', 'load.timeout=60s');
  await running.said('first: tools/list: ok');
  running.process.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  expect(stdout).toMatch(/^first: tools\/list: ok in \S+ [mu]?s\n$/);
  expect(stderr).toContain('interrupted after 1 of 6 calls, 0 failed; 5 were not made or not answered\n');
  expect(code).toBe(130);
});
