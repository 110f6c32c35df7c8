import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { readProfile } from '../../src/experiment/read-profile.ts';
import { gone } from '../../src/process/processes.case.ts';
import { ResultDocument } from '../../src/result/document.ts';
import { settingsOf, startFor } from '../../src/testbed/profile-testbed.case.ts';
import { endedHere, run } from './in-process.ts';
import {
  type Ended,
  paceline,
  processesOf,
  profileFile,
  scratch,
  start,
  startIn,
  WENT_WELL,
} from './paceline.ts';
import { targetOf } from './quick-server.ts';
import { answering, http, rudeServer } from './rude-server.ts';

const QUICKSTART = resolve(import.meta.dirname, '../../profiles/quickstart.yaml');

/** A profile that is over soon. */
const short = (more: string): string =>
  profileFile(`
version: 1
title: short
load: { rate: 50/s, warmup: 100ms, duration: 500ms, agents: 4, connections: 4, timeout: 500ms }
calls:
  - { tool: echo, arguments: { text: "hi {{seq}}" } }
${more}`);

const targetAt = (url: string): string => `target: { url: "${url}" }`;
const target = (url: string): string => short(targetAt(url));

/** What every refusal has in common: exit code 2, words and no stack trace. */
function expectRefusal(ended: Ended, ...words: readonly string[]): void {
  for (const word of words) expect(ended.stderr).toContain(word);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(2);
}

describe('paceline run', () => {
  /** Nothing has to be started for it. */
  let running: string;
  beforeAll(async () => {
    running = `target: { url: "${await targetOf(0)}", era: stateless }`;
  });

  it('prints only a valid document on stdout, and writes result and report', async () => {
    const out = scratch();
    const soonOver = ['--set', 'load.warmup=100ms', '--set', 'load.duration=500ms'];
    const ended = await paceline('run', QUICKSTART, '--json', '--out', out, ...soonOver);
    const document = ResultDocument.parse(JSON.parse(ended.stdout));
    expect(WENT_WELL).toContain(ended.code);
    expect(document.complete).toBe(true);
    const { calls } = document.variants[0]!.summary!;
    expect(calls.due).toBe(calls.sent + calls.dropped);
    expect(calls.sent).toBe(Object.values(calls.outcomes).reduce((sum, count) => sum + count, 0));
    expect(calls.ok).toBe(calls.due);
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(document);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<!doctype html>');
    expect(ended.stderr).toContain(join(out, 'report.html'));
  });

  it('exits with 3 when a threshold fails, and names it', async () => {
    // Send lag is judged even where a busy machine leaves response times undecided.
    const path = short(`${running}\nthresholds: ["send_lag max < 1us"]`);
    const ended = await run({}, path);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('send_lag max < 1us');
  });

  it('says nothing with --quiet, but what has failed', async () => {
    const ended = await run({}, short(running), '--quiet');
    expect(WENT_WELL).toContain(ended.code);
    expect(ended.stderr).toBe('');
    // A busy machine has something to say.
    expect(ended.stdout).toMatch(ended.code === 0 ? /^$/ : /^verdict: inconclusive\n/);
    const failed = await run({}, short(`${running}\nthresholds: ["send_lag max < 1us"]`), '--quiet');
    expect(failed).toMatchObject({ code: 3, stderr: '' });
    expect(failed.stdout).toMatch(/^verdict: fail\n[\s\S]*send_lag max < 1us/m);
  });

  it('reads a profile from standard input, and prints the result in the format that is asked for', async () => {
    const stdin = readFileSync(short(running), 'utf8');
    const ended = await startIn({ stdin }, 'run', '-', '--format', 'text').ended;
    expect(WENT_WELL).toContain(ended.code);
    expect(ended.stdout).toMatch(/^variant [\s\S]*\nverdict: /);
    expect(ended.stderr).toMatch(/\nresult: results\/\S+-stdin\/result\.json\n/);
  });

  it('ends with the code of its verdict when nobody reads its output any more', async () => {
    const path = short(`${running}\nthresholds: ["send_lag max < 1us"]`);
    for (const more of [[], ['--json']]) {
      const { process, ended } = start('run', path, ...more);
      process.stdout!.destroy();
      const { code, stderr } = await ended;
      expect(stderr).not.toContain('internal error');
      expect(code).toBe(3);
    }
  });

  it('names the result, and writes a report of it, when a later trial cannot begin', async () => {
    const out = scratch();
    const variants = '[{ name: good }, { name: bad, fleet.server: { command: "exit 7" } }]';
    const fleet = 'fleet: { server: lean, instances: 1 }';
    const path = short(`${fleet}\nvariants: ${variants}\nrepetitions: 1`);
    // With this seed, the good one comes first.
    const ended = await run({}, path, '--out', out, '--seed', '3');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('paceline: instance 1: ');
    expect(ended.stdout).toContain(join(out, 'result.json'));
    const document = ResultDocument.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
    expect(document.complete).toBe(false);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Incomplete');
  });
});

describe('paceline run, rejected', () => {
  it.each([
    ['a mistyped key', 'fleet: { servr: lean }', ['servr', 'server']],
    [
      'a wrong unit',
      'fleet: { server: lean }\nrepetitions: 1\nvariants: [{ name: a, load.rate: 400 }]',
      ['400/s'],
    ],
    [
      'an unknown variable',
      'fleet: { server: lean }\nvariants: [{ name: a, calls: [{ tool: echo, arguments: { t: "{{agnet}}" } }] }]',
      ['agnet', 'agent'],
    ],
    ['an empty mix', 'fleet: { server: lean }\nvariants: [{ name: a, calls: [] }]', ['calls']],
    ['a threshold that says nothing', 'fleet: { server: lean }\nthresholds: ["p99 << 1"]', ['p99 << 1']],
  ])('%s', async (_, more, words) => {
    const path = short(more);
    const read = (): Promise<number> => readProfile(path).then(() => EXIT.pass);
    expectRefusal(await endedHere({ cwd: scratch() }, read), ...words);
  });

  it('a missing profile', async () => expectRefusal(await paceline('run', 'nowhere.yaml'), 'nowhere.yaml'));

  const page = http('200 OK', 'text/html', '<h1>It works</h1>');
  const moved = http('307 Temporary Redirect\r\nlocation: https://elsewhere.invalid/mcp', 'text/plain', '');
  it.each<[string, string, readonly string[]]>([
    ['a web page', page, ['does not speak MCP']],
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n', ['does not speak MCP']],
    ['another status', http('404 Not Found', 'text/plain', 'no such page'), ['does not speak MCP', '404']],
    ['a wish for credentials', http('401 Unauthorized', 'text/plain', ''), ['--header']],
    [
      'a check of the host name',
      http('421 Misdirected Request', 'text/plain', 'Invalid Host header'),
      ['the server checks the Host and Origin headers', 'Invalid Host header', 'localhost'],
    ],
    ['a redirect to another server', moved, ['redirects', 'location https://elsewhere.invalid/mcp']],
    ['a failure of its own', http('503 Service Unavailable', 'text/plain', 'down'), ['503']],
  ])('a target that answers with %s', async (_, bytes, words) => {
    await using server = await rudeServer(answering(bytes));
    const settings = settingsOf(targetAt(server.url));
    const start = (): Promise<number> => startFor(settings).then(() => EXIT.pass);
    expectRefusal(await endedHere({ cwd: scratch() }, start), server.url, ...words);
  });

  it('a target that never answers', async () => {
    await using server = await rudeServer(() => undefined);
    expectRefusal(await run({}, target(server.url)), server.url, 'no answer');
  });

  it('a target that closes the connection in the middle of a response', async () => {
    const half = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"jsonrpc"';
    await using server = await rudeServer((socket) => socket.once('data', () => socket.end(half)));
    expectRefusal(await run({}, target(server.url)), server.url);
  });
});

describe('paceline run, interrupted', () => {
  it('ends soon on Ctrl-C, writes what was measured, exits with 130 and leaves no process', async () => {
    const out = scratch();
    const path = short('fleet: { server: lean, instances: 2 }\nrepetitions: 3');
    const running = start('run', path, '--out', out, '--set', 'load.duration=20s', '--json');
    const pids = await processesOf(running, 3);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    running.process.kill('SIGINT');
    const { code, stdout } = await running.ended;
    const document = ResultDocument.parse(JSON.parse(stdout));
    expect(code).toBe(130);
    expect(document.complete).toBe(false);
    expect(document.variants[0]!.repetitions).toHaveLength(1);
    expect(document.variants[0]!.repetitions[0]!.calls.done).toBeGreaterThan(0);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
    await gone(...pids);
  });

  it('leaves no process and no folder behind when it is killed with -9', async () => {
    const folder = scratch();
    const path = short(`
fleet: { server: lean, instances: 2, state: { kind: store } }
auth: { mode: jwt, audit: true }
balancer: { tls: true }`);
    const running = startIn({ env: { TMPDIR: folder } }, 'run', path, '--set', 'load.duration=20s');
    const pids = await processesOf(running, 7);
    const purposes = readdirSync(folder).map((name) => name.split('-')[1]);
    expect(purposes.sort()).toEqual(['audit', 'state', 'tls']);
    running.process.kill('SIGKILL');
    await running.ended;
    await gone(...pids);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('paceline run, with a fleet that fails', () => {
  it('continues when an instance exits during the run, counts every call and reports the exit', async () => {
    const path = short('fleet: { server: lean, instances: 2 }');
    const running = start('run', path, '--set', 'load.duration=3s', '--json');
    const [first] = await processesOf(running, 3);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    process.kill(first!, 'SIGKILL');
    const { stdout } = await running.ended;
    const { summary, repetitions } = ResultDocument.parse(JSON.parse(stdout)).variants[0]!;
    expect(summary!.calls.due).toBe(summary!.calls.sent + summary!.calls.dropped);
    expect(summary!.calls.due).toBe(150);
    expect(repetitions[0]!.notes.join()).toContain('instance 1 was ended by SIGKILL during the run');
    expect(repetitions[0]!.observations).toContainEqual(
      expect.objectContaining({ kind: 'exited', part: 'fleet', instance: '1', signal: 'SIGKILL' }),
    );
  });
});
