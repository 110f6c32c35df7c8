import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../units/scratch.case.ts';
import { UserError } from '../../units/user-error.ts';
import { installationProblem, installedProgram, isAtLeast, versionIn } from './installed.ts';

describe('a balancer program', () => {
  it('that is not installed is named, with the command to install it', () => {
    expect(() => installedProgram('no-such-balancer')).toThrow(UserError);
    expect(() => installedProgram('no-such-balancer')).toThrow(
      /no-such-balancer is not installed .* apt-get install no-such-balancer/,
    );
  });
});

describe('the version of a balancer program', () => {
  it.each([
    ['nginx', 'nginx version: nginx/1.22.1\n', '1.22.1'],
    ['nginx', 'nginx version: nginx/1.29.6 (Ubuntu)\n', '1.29.6'],
    ['nginx', 'Tengine version: Tengine/3.1.0\nnginx version: nginx/1.24.0\n', '1.24.0'],
    ['haproxy', 'HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\n', '2.6.12'],
    ['nginx', 'command not found', undefined],
  ])('of %s is read from %j', (program, output, version) => {
    expect(versionIn(program, output)).toBe(version);
  });

  it.each([
    ['1.29.6', '1.29.6', true],
    ['1.29.10', '1.29.6', true],
    ['1.30', '1.29.6', true],
    ['2.0.0', '1.29.6', true],
    ['1.29.5', '1.29.6', false],
    ['1.29', '1.29.6', false],
    ['1.3.16', '1.29.6', false],
  ])('%s against a minimum of %s: %s', (version, minimum, enough) => {
    expect(isAtLeast(version, minimum)).toBe(enough);
  });

  it.each([
    ['1.22.1', /^sticky needs nginx 1\.29\.6 or later \(sticky learn\); .*\/nginx is 1\.22\.1$/],
    ['1.29.6', undefined],
    ['nonsense', /\/nginx is of an unknown version$/],
  ])('%s is asked for when a policy needs a minimum', async (version, what) => {
    const folder = scratch();
    const program = join(folder, 'nginx');
    writeFileSync(program, `#!/bin/sh\necho "nginx version: nginx/${version}" >&2\n`, { mode: 0o755 });
    const { PATH } = process.env;
    process.env['PATH'] = `${folder}:${PATH}`;
    try {
      const problem = await installationProblem({ engine: 'nginx', policy: 'sticky' });
      if (what === undefined) expect(problem).toBeUndefined();
      else
        expect(problem).toMatchObject({
          where: 'balancer.policy',
          what: expect.stringMatching(what),
          todo: 'install that version, or use balancer.engine embedded or haproxy',
        });
      expect(await installationProblem({ engine: 'nginx', policy: 'round-robin' })).toBeUndefined();
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});
