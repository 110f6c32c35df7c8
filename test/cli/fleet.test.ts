import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { descendantsOf, gone } from '../../src/process/processes.case.ts';
import type { Era } from '../../src/profile/settings.ts';
import { ResultDocument } from '../../src/result/document.ts';
import { scratch } from '../../src/units/scratch.case.ts';
import { run } from './in-process.ts';
import { paceline, profileFile, type Running, start, WENT_WELL } from './paceline.ts';

const QUICKSTART = resolve(import.meta.dirname, '../../profiles/quickstart.yaml');
const DEMO = resolve(import.meta.dirname, '../../profiles/sticky-vs-round-robin.yaml');

/** Of a fleet that is soon up. */
const SMALL = ['--set', 'fleet.server=lean', '--set', 'fleet.instances=2'];

interface Ready {
  readonly url: string;
  readonly instances: readonly { readonly id: string; readonly url: string }[];
}

const running: Running[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.process.kill('SIGTERM');
    await each.ended;
  }
});

async function fleet(...args: readonly string[]): Promise<Ready> {
  const child = start('fleet', ...args, '--json');
  running.push(child);
  let line = '';
  child.process.stdout!.on('data', (chunk: Buffer) => {
    line += chunk.toString();
  });
  await child.said('"instances"');
  return JSON.parse(line) as Ready;
}

/** A short load of one's own, to be pointed at what already runs. */
const visitor = profileFile(`
version: 1
title: visitor
load: { rate: 50/s, warmup: 100ms, duration: 500ms, agents: 4, connections: 4 }
calls:
  - { tool: echo, arguments: { text: "hi {{seq}}" }, weight: 3 }
  - { list: tools, weight: 1 }
fleet: { server: lean, instances: 1 }
`);

/** Another profile drives what answers at `url`, and finds its era. */
async function expectDriven(url: string, era: Era): Promise<void> {
  const { code, stdout } = await run({}, visitor, '--target', url, '--json');
  const [variant] = ResultDocument.parse(JSON.parse(stdout)).variants;
  expect(variant!.settings).toMatchObject({ era, target: url, instances: null });
  expect(variant!.summary!.calls).toMatchObject({ due: 25, ok: 25 });
  expect(WENT_WELL).toContain(code);
}

describe('paceline fleet', () => {
  it('prints one ready line, is driven by another profile, answers tools/list of 2026-07-28 with its caching hints, and ends on Ctrl-C', async () => {
    const { url, instances } = await fleet(QUICKSTART);
    expect(instances.map(({ id }) => id)).toEqual(['1', '2']);
    await expectDriven(url, 'stateless');
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/list',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
    const { result } = (await answer.json()) as { result: Record<string, unknown> };
    expect(result).toMatchObject({ resultType: 'complete', ttlMs: 300_000, cacheScope: 'public' });
    const child = running[0]!;
    const pids = descendantsOf(child.process.pid!);
    expect(pids.length).toBeGreaterThanOrEqual(3);
    child.process.kill('SIGINT');
    expect((await child.ended).code).toBe(130);
    await gone(...pids);
  });

  it('is driven by another profile with --target, with its era detected, also that of sessions', async () => {
    const { url } = await fleet(DEMO, '--variant', 'sessions, sticky', ...SMALL);
    await expectDriven(url, 'sessions');
  });

  it('lists the variants when the requested one is unknown', async () => {
    const { code, stderr } = await paceline('fleet', DEMO, '--variant', 'stiky');
    expect(stderr).toContain('"sessions, sticky"');
    expect(code).toBe(2);
  });

  it('rejects a profile with a target', async () => {
    const { code, stderr } = await paceline('fleet', visitor, '--target', 'http://127.0.0.1:9/mcp');
    expect(stderr).toContain('no fleet');
    expect(code).toBe(2);
  });
});

const CHECKED = profileFile(`
version: 1
title: checked
load: { rate: 10/s, duration: 1s, agents: 3 }
calls: [{ list: tools }]
fleet: { server: lean, instances: 1 }
auth: { mode: jwt }
`);

describe('a fleet that checks tokens', () => {
  it('gives them to other tools in a file that only the user can read, and prints none', async () => {
    const path = join(scratch(), 'tokens');
    const { url } = await fleet(CHECKED, '--token-file', path);
    const tokens = readFileSync(path, 'utf8').trim().split('\n');
    expect(new Set(tokens).size).toBe(3);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${tokens[0]}` })).status).toBe(400);
    running[0]!.process.kill('SIGTERM');
    const { stdout, stderr } = await running[0]!.ended;
    expect(stdout + stderr).not.toContain(tokens[0]);
  });

  it('has none to give when nothing is checked', async () => {
    const { code, stderr } = await paceline('fleet', visitor, '--token-file', join(scratch(), 'tokens'));
    expect(code).toBe(2);
    expect(stderr).toContain('--token-file: the fleet checks no tokens, so there is none to write');
  });
});
