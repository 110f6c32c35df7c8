/** @module `paceline run --plan`: what would be run, without running it. */
import { describe, expect, it } from 'vitest';
import { paceline, profileFile } from './paceline.ts';

const PROFILE = `version: 1
title: Two policies
load: { rate: 100/s, arrivals: poisson, warmup: 1s, duration: 4s, agents: 8, connections: 8 }
calls: [{ tool: echo, weight: 3 }, { list: tools, weight: 1 }]
fleet: { server: sdk, era: sessions, instances: 2 }
faults: [{ at: 2s, kill: 1 }]
variants: [{ name: sticky, balancer.policy: sticky }, { name: two at random, balancer.policy: random-two }]
repetitions: 2
thresholds: ["p(99) < 50ms"]`;

describe('a plan', () => {
  it('prints every trial, its settings and the time it will take, and runs nothing', async () => {
    const { code, stdout, stderr } = await paceline('run', profileFile(PROFILE), '--plan', '--seed', '3');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`Two policies: 2 variants, 4 trials, about 0:28 in all, 0:20 of it under load; seed 3

sticky
  load      100/s, Poisson arrivals, for 4 s after 1 s of warm-up
            8 agents, 8 connections, driver wire
  calls     tools/call echo 75 %, tools/list 25 %
  against   2 instances of sdk, era sessions
  balancer  embedded, sticky
  fault     kill after 0:02

two at random
  load      100/s, Poisson arrivals, for 4 s after 1 s of warm-up
            8 agents, 8 connections, driver wire
  calls     tools/call echo 75 %, tools/list 25 %
  against   2 instances of sdk, era sessions
  balancer  embedded, random-two
  fault     kill after 0:02

trial  starts after  repetition  variant
1              0:00           1  sticky
2              0:07           1  two at random
3              0:14           2  two at random
4              0:21           2  sticky

thresholds
  p(99) < 50ms
`);
  });

  it('says what calls travel over, and of settings without effect', async () => {
    const path = profileFile(`version: 1
load: { rate: 10/s, warmup: 0s, duration: 2s }
calls: [{ tool: echo }]
fleet: { server: lean, era: stateless, instances: 1 }
balancer: { policy: round-robin, tls: true }
cache: { singleFlight: true }
variants:
  - { name: kept, load.http: 1.1 }
  - { name: new, load.perConnection: 1, load.tls: { resume: false } }`);
    const { code, stdout, stderr } = await paceline('run', path, '--plan');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'note: cache: singleFlight has no effect without cache.honour: true\n',
    });
    expect(stdout).toContain(`  balancer  embedded, round-robin, TLS`);
    expect(stdout).toContain(`driver wire\n            HTTP/1.1\n`);
    expect(stdout).toContain(`            a new connection per call, no resumption of TLS sessions\n`);
  });

  it('covers only the variants that are asked for', async () => {
    const { stdout } = await paceline('run', profileFile(PROFILE), '--plan', '--variant', 'sticky');
    expect(stdout).toContain('1 variant, 2 trials, about 0:14 in all');
    expect(stdout).not.toContain('two at random');
  });

  it('is refused when a variant could not run', async () => {
    const path = profileFile(
      PROFILE.replace('balancer.policy: sticky', 'balancer: { engine: nginx, policy: sticky }'),
    );
    const { code, stdout, stderr } = await paceline('run', path, '--plan');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('sticky');
  });
});
