/** @module Runs the official conformance suite against built-in servers, where it is installed: it needs Node 22, so it is no dependency. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { profileFile, type Running, scratch, start } from './cli/paceline.ts';

/** The command of the suite: `MCP_CONFORMANCE="/path/of/node22 /path/of/conformance"`. */
const COMMAND = process.env['MCP_CONFORMANCE'];

const running: Running[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.process.kill('SIGINT');
    await each.ended;
  }
});

async function urlOf(server: string): Promise<string> {
  const profile = profileFile(`
version: 1
load: { rate: 1/s, duration: 1s }
calls: [{ list: tools }]
fleet: { server: ${server}, instances: 2, offer: { conformance: true } }
`);
  const child = start('fleet', profile, '--json');
  running.push(child);
  let line = '';
  child.process.stdout!.on('data', (chunk: Buffer) => {
    line += chunk.toString();
  });
  await child.said('"instances"');
  return (JSON.parse(line) as { readonly url: string }).url;
}

describe.skipIf(COMMAND === undefined)('the conformance suite', () => {
  it.each(['lean', 'sdk'])(
    'passes every scored scenario of 2026-07-28 against %s',
    async (server) => {
      const [node, suite] = COMMAND!.split(' ');
      const url = await urlOf(server);
      const args = [suite!, 'server', '--url', url, '--requirements', '2026-07-28', '-o', scratch()];
      const { stdout } = spawnSync(node!, args, {
        encoding: 'utf8',
        timeout: 300_000,
        killSignal: 'SIGKILL',
      });
      const scenarios = [...stdout.matchAll(/^([✓✗]) ([\w-]+): /gm)].map(([, mark, name]) => ({
        mark,
        name,
      }));
      const notScored = new Set([...stdout.matchAll(/^ {2}[✓✗] ([\w-]+) \(/gm)].map(([, name]) => name));
      const scored = scenarios.filter(({ name }) => !notScored.has(name));
      expect(scored).toHaveLength(37);
      expect(scored.filter(({ mark }) => mark !== '✓')).toEqual([]);
    },
    310_000,
  );
});

it('is documented with the command that runs it', () => {
  const doc = readFileSync(resolve(import.meta.dirname, '../docs/conformance.md'), 'utf8');
  expect(doc).toContain('MCP_CONFORMANCE');
  expect(doc).toContain('--requirements 2026-07-28');
});
