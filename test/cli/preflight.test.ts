import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
