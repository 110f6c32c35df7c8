import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { profileFile, scratch, startIn } from './paceline.ts';

const PROFILE = profileFile(`
version: 1
load: { rate: 50/s, warmup: 0s, duration: 1s }
calls: [{ list: tools }]
fleet: { server: sdk, era: sessions, instances: 1 }
variants:
  - { name: "round-robin" }
  - { name: "sticky, nginx", balancer: { engine: nginx, policy: sticky } }
  - { name: "sticky, embedded", balancer.policy: sticky }
  - { name: "four, sticky, nginx", fleet.instances: 4, balancer: { engine: nginx, policy: sticky } }
`);

/** A folder for PATH with an nginx that reports `version`, and leaves a file when it is asked for anything else. */
function nginxThatReports(version: string): string {
  const folder = scratch();
  const script = `#!/bin/sh\n[ "$*" = -v ] && { echo "nginx version: nginx/${version}" >&2; exit 0; }\ntouch ${folder}/started\n`;
  writeFileSync(join(folder, 'nginx'), script, { mode: 0o755 });
  return folder;
}

function pacelineWithNginx(version: string, ...args: readonly string[]) {
  const folder = nginxThatReports(version);
  const cwd = scratch();
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  return { folder, cwd, ended: startIn({ env, cwd }, ...args).ended };
}

describe('a balancer that this machine cannot run', () => {
  const REFUSED =
    /^paceline: balancer\.policy \(variants "sticky, nginx" and "four, sticky, nginx"\): sticky needs nginx 1\.29\.6 or later \(sticky learn\); \S+\/nginx is 1\.22\.1 \(install that version, or use balancer\.engine embedded or haproxy\)\n$/;

  it.each([
    ['run', []],
    ['run --once', ['--once']],
  ])('is rejected by %s before any variant starts', async (_, more) => {
    const { folder, cwd, ended } = pacelineWithNginx('1.22.1', 'run', PROFILE, ...more);
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(REFUSED);
    expect(existsSync(join(folder, 'started'))).toBe(false);
    expect(existsSync(join(cwd, 'results'))).toBe(false);
  });

  it('is rejected by fleet, only for the requested variant', async () => {
    const { ended } = pacelineWithNginx('1.22.1', 'fleet', PROFILE, '--variant', 'sticky, nginx');
    const { code, stderr } = await ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^paceline: balancer\.policy: sticky needs nginx 1\.29\.6 or later/);
  });

  it('does not affect a run of the other variants', async () => {
    const { ended } = pacelineWithNginx('1.22.1', 'run', PROFILE, '--once', '--variant', 'sticky, embedded');
    expect(await ended).toMatchObject({ code: 0 });
  });
});

describe('data that cannot be read', () => {
  const profile = profileFile(`
version: 1
load: { rate: 50/s, warmup: 0s, duration: 1s }
calls: [{ tool: echo, arguments: { text: "{{users.email}}" } }]
fleet: { server: lean, instances: 1 }
variants:
  - { name: missing, data: { users: none.csv } }
  - { name: missing too, data: { users: none.csv } }
  - { name: empty, data: { users: empty.csv } }
  - { name: broken, data: { users: broken.jsonl } }
  - { name: right, data: { users: right.csv } }
`);
  const files = { 'empty.csv': 'email\n', 'broken.jsonl': '[1]\n', 'right.csv': 'email\na@x\n' };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dirname(profile), name), content);

  it.each(['validate', 'run'])('is rejected by %s, with every problem', async (command) => {
    const { code, stdout, stderr } = await startIn({ cwd: scratch() }, command, profile).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /data\.users \(variants "missing" and "missing too"\): \S+none\.csv does not exist/,
    );
    expect(stderr).toMatch(/data\.users \(variant "empty"\): \S+empty\.csv has no rows/);
    expect(stderr).toMatch(/broken\.jsonl:1 \(variant "broken"\): the line is no JSON object/);
    expect(stderr).not.toContain('right.csv');
  });
});
