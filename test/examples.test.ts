/** @module The examples run as their README says. The one with Docker runs with a stand-in for `docker` that starts the same server. */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.ts';
import { scratch } from '../src/units/scratch.case.ts';

const ROOT = resolve(import.meta.dirname, '..');
const EXAMPLES = join(ROOT, 'examples');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(program: string, args: readonly string[], path = process.env['PATH']): Promise<Ended> {
  return new Promise((done) => {
    const env = { ...process.env, PATH: path };
    execFile(program, args, { cwd: ROOT, env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** A folder with a program `name` that runs the shell `script`, before all others. */
function pathWith(name: string, script: string): string {
  const folder = scratch();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return `${folder}:${process.env['PATH']}`;
}

/** A run on a busy machine may be inconclusive. */
const ENDS_WELL: readonly number[] = [0, 5];

describe('the examples', () => {
  it('run an experiment from a program', async () => {
    const { code, stdout, stderr } = await execute(process.execPath, [join(EXAMPLES, 'run-from-code.mjs')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^(round-robin|random) #1: p99 \d+\.\d\d ms, \d+ calls ok$/m);
    expect(stdout).toMatch(/^\| variant \|/m);
    expect(stdout).toMatch(/^verdict: (pass|inconclusive)$/m);
  });

  it('gate a server in continuous integration, and write JUnit XML', async () => {
    const out = scratch();
    const npx = pathWith(
      'npx',
      `shift; if [ "$1" = run ]; then set -- "$@" --set load.warmup=100ms --set load.duration=500ms; fi
exec ${process.execPath} ${ROOT}/bin/paceline.js "$@"`,
    );
    const { code } = await execute('sh', [join(EXAMPLES, 'ci-gate/gate.sh'), out], npx);
    expect(ENDS_WELL).toContain(code);
    expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toContain('<testsuite');
  });

  it('load a server in Docker', async () => {
    const docker = pathWith(
      'docker',
      `for word; do case "$word" in 127.0.0.1:*) port=\${word#127.0.0.1:}; port=\${port%:3000};; esac; done
PORT=$port exec ${process.execPath} ${EXAMPLES}/docker/server.mjs`,
    );
    const { code, stdout } = await execute(
      process.execPath,
      [
        join(ROOT, 'bin/paceline.js'),
        'run',
        join(EXAMPLES, 'docker/profile.yaml'),
        '--out',
        scratch(),
        '--set',
        'load.warmup=100ms',
        '--set',
        'load.duration=500ms',
      ],
      docker,
    );
    expect(ENDS_WELL).toContain(code);
    expect(stdout).toMatch(/all \d+ calls ended ok/);
  });
});

describe('the public API', () => {
  it('exports what docs and examples use, and nothing else', () => {
    expect(Object.keys(api).sort()).toEqual([
      'FORMATS',
      'UserError',
      'compare',
      'describeProblem',
      'lintConfig',
      'parseProfile',
      'readProfile',
      'readResult',
      'renderReport',
      'runExperiment',
    ]);
  });

  it('reports every problem of a profile with its place', () => {
    expect(() => api.parseProfile('version: 1\nload: { rate: 400 }\ncalls: []\n')).toThrow(
      /load\.rate.*\n.*calls/s,
    );
  });

  it('judges thresholds on every metric', () => {
    const { thresholds } = api.parseProfile(
      'version: 1\nload: { rate: 1/s }\ncalls: [{ list: tools }]\nfleet: {}\nthresholds: ["p(99) < 50ms", "owner_hit_rate > 0.9"]',
    );
    expect(thresholds).toHaveLength(2);
  });
});
