/** @module Proves that runs without a successful call, or without any call, do not pass, and that the exit of a server is reported. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ResultDocument } from '../../src/result/document.ts';
import { paceline, processesOf, profileFile, scratch, start } from './paceline.ts';

const SERVER = resolve(import.meta.dirname, '../../profiles/your-server.mjs');

const short = (tool: string, more: string): string =>
  profileFile(`
version: 1
title: short
load: { rate: 50/s, warmup: 200ms, duration: 1s, agents: 4, connections: 4, timeout: 500ms }
calls: [{ tool: ${tool}, arguments: { text: hi } }]
${more}`);

describe('a run without thresholds', () => {
  it('without a successful call exits with 5, and reports the outcomes', async () => {
    const out = scratch();
    const ended = await paceline('run', short('ecco', 'fleet: { server: lean, instances: 1 }'), '--out', out);
    expect(ended.code).toBe(5);
    // A busy machine has a reason of its own before it.
    expect(ended.stdout).toMatch(/verdict: inconclusive\n(?: {2}.*\n)*? {2}default: not one of 50 calls /);
    expect(ended.stdout).toContain('ended ok: rpc-error 50, “');
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report.includes('<span class="badge inconclusive">')).toBe(true);
    const junit = await paceline('report', join(out, 'result.json'), '--format', 'junit');
    expect(junit.stdout).toMatch(/name="verdict"><skipped message="[^"]*default: not one of 50 calls/);
  });

  it('that is interrupted before any measured call does not pass', async () => {
    const path = short('echo', 'fleet: { server: lean, instances: 2 }\nrepetitions: 3');
    const running = start('run', path, '--json', '--set', 'load.warmup=60s');
    await processesOf(running, 3);
    running.process.kill('SIGINT');
    const { code, stdout } = await running.ended;
    const { verdict, complete } = ResultDocument.parse(JSON.parse(stdout));
    expect({ code, complete, status: verdict.status }).toEqual({
      code: 130,
      complete: false,
      status: 'inconclusive',
    });
    expect(verdict.reasons.join('\n')).toMatch(/[23] trials were not run/);
    expect(verdict.reasons.join('\n')).toContain('nothing was measured');
  });
});

it('the exit of a server during the run is a finding on the terminal and in Markdown', async () => {
  const [folder, out] = [scratch(), scratch()];
  // Dies over its fortieth request.
  const mortal = join(folder, 'mortal.mjs');
  writeFileSync(
    mortal,
    `import { Server } from 'node:http';
const { emit } = Server.prototype;
let requests = 0;
Server.prototype.emit = function (event, ...rest) {
  if (event === 'request' && (requests += 1) === 40) {
    console.error('FATAL: out of memory\\nbye');
    process.exit(7);
  }
  return emit.call(this, event, ...rest);
};
`,
  );
  const server = `fleet: { server: { command: [node, --import, "${mortal}", "${SERVER}"] }, instances: 1 }`;
  const ended = await paceline('run', short('echo', server), '--out', out);
  expect(ended.stdout.replace(/\s+/g, ' ')).toContain(
    '- “default”: instance 1 exited with code 7 during the run; from its output: “FATAL: out of memory”.',
  );
  const { stdout } = await paceline('report', join(out, 'result.json'), '--format', 'md');
  expect(stdout).toContain('- ❌ “default”: instance 1 exited with code 7 during the run');
});
