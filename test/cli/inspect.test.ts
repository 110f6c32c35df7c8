/**
 * @module What `paceline inspect` prints, and its exit code: against planted faults and their healthy twin, and where no server is.
 * `UPDATE_GOLDEN=1 npx vitest run test/cli/inspect.test.ts` writes the golden files anew.
 */
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { type InspectOptions, inspectCommand } from '../../src/cli/inspect.ts';
import { type PlantedOptions, plantedServer } from '../../src/inspect/planted-server.case.ts';
import { normalise } from './golden/normalise.ts';
import { endedHere } from './in-process.ts';
import { type Ended, scratch, startIn } from './paceline.ts';
import { answering, http, rudeServer } from './rude-server.ts';

const TOKENS = { READER: 'Bearer reader-secret-1', ADMIN: 'Bearer admin-secret-2' };
const IDENTITIES = [`reader=Authorization: \${READER}`, `admin=Authorization: \${ADMIN}`];
const FLAGS = IDENTITIES.flatMap((identity) => ['--identity', identity]);

/** A server with several faults. */
const FAULTY: PlantedOptions = {
  plant: (result, { method, authorization }) => {
    if ('code' in result) return result;
    if (method === 'tools/list' && authorization === TOKENS.READER)
      return { ...result, tools: (result['tools'] as readonly unknown[]).slice(1) };
    if (method === 'prompts/list') return { ...result, ttlMs: -1 };
    if (method === 'resources/list') {
      const { cacheScope: _, ...rest } = result;
      return rest;
    }
    return result;
  },
};

async function inspect(planted: PlantedOptions, ...flags: readonly string[]): Promise<Ended> {
  const server = await plantedServer(planted);
  try {
    return await startIn({ env: TOKENS }, 'inspect', server.url, ...flags).ended;
  } finally {
    await server.close();
  }
}

/** `paceline inspect URL` in this process. */
function inspectUrl(url: string, options: Partial<InspectOptions>): Promise<Ended> {
  const defaults = { era: 'auto', header: [], identity: [], instanceHeader: 'x-served-by' } as const;
  return endedHere({ cwd: scratch(), env: TOKENS }, () =>
    inspectCommand(url, { ...defaults, insecure: false, json: false, ...options }),
  );
}

async function inspectHere(planted: PlantedOptions, options: Partial<InspectOptions>): Promise<Ended> {
  const server = await plantedServer(planted);
  try {
    return await inspectUrl(server.url, options);
  } finally {
    await server.close();
  }
}

async function golden(name: string, { code, stdout, stderr }: Ended): Promise<void> {
  const [out, err] = [stdout, stderr].map((text) => normalise(text, scratch(), false));
  const text = `exit code ${code}\n\n--- stdout\n${out}\n--- stderr\n${err}`;
  await expect(text).toMatchFileSnapshot(`inspect/${name}.golden.txt`);
}

describe('paceline inspect', () => {
  it('says what a healthy server offers', async () => {
    await golden('healthy', await inspect({}, ...FLAGS));
  });

  it('says of faults what was seen, why it matters and how to fix it', async () => {
    const ended = await inspectHere(FAULTY, { identity: IDENTITIES });
    expect(ended.stdout).not.toContain('secret');
    await golden('faulty', ended);
  });

  it('passes where nothing is bad', async () => {
    const plant: PlantedOptions['plant'] = (result) => ('ttlMs' in result ? { ...result, ttlMs: 0 } : result);
    const { code, stdout } = await inspectHere({ plant }, {});
    expect(code).toBe(EXIT.pass);
    expect(stdout).toContain('warning caching-off');
  });

  it('says that the sessions era has no hints', async () => {
    const { code, stdout } = await inspectHere({}, { era: 'sessions' });
    expect(code).toBe(EXIT.pass);
    expect(stdout).toContain('note: MCP 2025-11-25 has no ttlMs and no cacheScope');
  });

  it('prints the findings as JSON on stdout, and what people read on stderr', async () => {
    const { code, stdout, stderr } = await inspect(FAULTY, ...FLAGS, '--json');
    const { findings, methods } = JSON.parse(stdout) as Record<string, readonly Record<string, unknown>[]>;
    expect(code).toBe(EXIT.threshold);
    expect(findings!.map(({ kind }) => kind)).toEqual([
      'public-differs-by-identity',
      'hint-malformed',
      'hint-missing',
    ]);
    expect(findings!.every(({ fix, why }) => typeof fix === 'string' && typeof why === 'string')).toBe(true);
    expect(methods).toHaveLength(7);
    expect(stderr).toContain('bad public-differs-by-identity');
  });

  it('calls a tool that was named', async () => {
    const { stdout } = await inspect(
      { plant: (result, { method }) => (method === 'tools/call' ? { ...result, ttlMs: 5 } : result) },
      ...['--tool', 'alpha={"depth":1}'],
    );
    expect(stdout).toContain('seen  tools/call alpha: a result that is not cacheable with ttlMs 5');
  });
});

describe('paceline inspect, without a server to inspect', () => {
  it.each<[string, string, Partial<InspectOptions>]>([
    ['nothing-listens', 'http://127.0.0.1:1/mcp', {}],
    ['no-url', 'nowhere', {}],
    ['identity-without-name', 'http://127.0.0.1:1/mcp', { identity: ['Authorization: Bearer secret'] }],
    ['identity-without-variable', 'http://127.0.0.1:1/mcp', { identity: [`a=X-Key: \${NOT_SET_ANYWHERE}`] }],
    ['tool-arguments', 'http://127.0.0.1:1/mcp', { tool: 'alpha=[1]' }],
  ])('says what to correct: %s', async (name, url, options) => {
    const ended = await inspectUrl(url, options);
    expect(ended.code).toBe(EXIT.usage);
    expect(ended.stderr).not.toContain('secret');
    await golden(name, ended);
  });

  it.each([
    ['not-mcp', http('200 OK', 'text/html', '<p>Welcome</p>')],
    ['unauthorized', http('401 Unauthorized', 'application/json', '{"error":"invalid_token"}')],
  ])('says what answers instead: %s', async (name, bytes) => {
    await using server = await rudeServer(answering(bytes));
    const ended = await inspectUrl(server.url, { identity: IDENTITIES });
    expect(ended.code).toBe(EXIT.usage);
    await golden(name, ended);
  });
});
