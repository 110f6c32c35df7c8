/** @module Proves what `balancer lint` prints and how it exits. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureOutput } from '../units/capture-output.case.ts';
import { scratch } from '../units/scratch.case.ts';
import { UserError } from '../units/user-error.ts';
import { lint } from './lint.ts';

const ROUTE = 'location /mcp { proxy_pass http://mcp; proxy_buffering off; ';

let folder: string;
let said: ReturnType<typeof captureOutput>;

beforeEach(() => {
  folder = scratch();
  said = captureOutput();
});

afterEach(() => {
  vi.restoreAllMocks();
});

function fileOf(text: string): string {
  const path = join(folder, 'balancer.conf');
  writeFileSync(path, text);
  return path;
}

describe('paceline balancer lint', () => {
  it('tells each finding with its line, reason and way out, and exits 3 on an error', async () => {
    const path = fileOf(`server {\n ${ROUTE}\n  proxy_read_timeout 20s; } }\n`);
    expect(await lint(path, { json: false })).toBe(3);
    expect(said.stderr).toBe('');
    const lines = said.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`${path}:3: error stream-timeout`);
    expect(lines.slice(1, 4).map((line) => line.slice(0, 8))).toEqual(['  what  ', '  why   ', '  fix   ']);
    expect(lines.at(-1)).toBe(`${path} (nginx): 1 error, 0 warnings`);
  });

  it('prints the result on stdout with --json, and nothing else', async () => {
    const path = fileOf(`server {\n ${ROUTE}\n  proxy_read_timeout 20s; } }\n`);
    expect(await lint(path, { json: true })).toBe(3);
    expect(said.stderr).toBe('');
    expect(JSON.parse(said.stdout)).toMatchObject({
      file: path,
      kind: 'nginx',
      findings: [{ rule: 'stream-timeout', severity: 'error', line: 3 }],
    });
  });

  it('passes a file with warnings alone', async () => {
    expect(await lint(fileOf(`server { ${ROUTE} } }`), { json: false })).toBe(0);
    expect(said.stdout).toMatch(/warning stream-timeout[\s\S]*0 errors, 1 warning\n$/);
  });

  it('reads a file as the kind it is told', async () => {
    const path = fileOf('option http-buffer-request');
    await expect(lint(path, { json: false, kind: 'haproxy' })).rejects.toThrow(/is outside of every section/);
    await expect(lint(path, { json: false, kind: 'apache' })).rejects.toThrow(
      '--kind: unknown kind of configuration "apache"; expected nginx, haproxy, envoy, kubernetes',
    );
  });

  it('tells of a file that cannot be read, or is no configuration, as a fault of the user', async () => {
    await expect(lint(join(folder, 'nowhere'), { json: false })).rejects.toThrow(UserError);
    await expect(lint(fileOf('hello'), { json: false })).rejects.toThrow(/unknown configuration language/);
  });
});
