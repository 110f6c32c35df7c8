import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { UserError } from '../../units/user-error.ts';
import { alternatives } from '../../units/words.ts';
import { POLICY_NAMES } from '../balancer-kinds.ts';
import { DRIVER_NAMES } from '../kinds.ts';
import { parseProfile } from '../profile.ts';
import { problemsIn, withLines } from '../sample-profile.case.ts';
import { SECTIONS } from '../section/sections.ts';

const RATE = 'a rate such as 400/s, 2k/s or 90/m, above 0/s, at most 10000k/s';
const LOAD_KEYS =
  'rate, stages, concurrency, replay, speed, arrivals, warmup, duration, agents, skew, connections, maxConnections, timeout, workers, driver, maxInFlight, perConnection, http, streams, tls or checkIds';

describe('a single problem', () => {
  it.each([
    ['version: 2', 'p.yaml:1:10 version: 2 is not valid; expected 1'],
    ['version:', 'p.yaml:1:1 version: is missing; expected 1'],
    [
      'titel: x',
      `p.yaml:5:1 titel: unknown key; expected ${alternatives(Object.keys(SECTIONS))} (did you mean "title"?)`,
    ],
    ['title: ""', 'p.yaml:5:8 title: "" is not valid; expected a title'],
    ['load: { rate: 400 }', `p.yaml:2:15 load.rate: 400 is not valid; expected ${RATE}`],
    ['load: { rate: 0/s }', `p.yaml:2:15 load.rate: "0/s" is not valid; expected ${RATE}`],
    ['load: { rate: }', `p.yaml:2:15 load.rate: is empty; expected ${RATE}`],
    [
      'load: { rte: 400/s, rate: 1/s }',
      `p.yaml:2:9 load.rte: unknown key; expected ${LOAD_KEYS} (did you mean "rate"?)`,
    ],
    ['load: {}', 'p.yaml:2:1 load: needs exactly one of rate, stages, concurrency or replay'],
    [
      'load: { rate: 1/s, concurrency: 2 }',
      'p.yaml:2:33 load.concurrency: sets rate and concurrency; expected exactly one of rate, stages, concurrency or replay',
    ],
    ['load: 5', `p.yaml:2:7 load: 5 is not valid; expected a mapping with ${LOAD_KEYS}`],
    [
      'load: { rate: 1/s, connections: 99, maxConnections: 10 }',
      'p.yaml:2:53 load.maxConnections: is 10, fewer than load.connections (99) (lower load.connections to 10 as well, or raise load.maxConnections)',
    ],
    [
      'load: { rate: 1/s, duration: 0s }',
      'p.yaml:2:30 load.duration: "0s" is not valid; expected a duration such as 250ms, 2s or 1m, from 1ms to 24h',
    ],
    [
      'load: { rate: 1/s, agents: 1.5 }',
      'p.yaml:2:28 load.agents: 1.5 is not valid; expected a whole number from 1 to 100000',
    ],
    [
      'load: { rate: 1/s, agents: 100001 }',
      'p.yaml:2:28 load.agents: 100001 is not valid; expected a whole number from 1 to 100000',
    ],
    [
      'load: { rate: 1/s, workers: many }',
      'p.yaml:2:29 load.workers: "many" is not valid; expected a whole number from 1 to 64, or auto',
    ],
    [
      'load: { rate: 1/s, arrivals: poison }',
      'p.yaml:2:30 load.arrivals: "poison" is not valid; expected constant or poisson (did you mean poisson?)',
    ],
    [
      'load: { rate: 1/s, driver: autocanon }',
      `p.yaml:2:28 load.driver: "autocanon" is not valid; expected ${alternatives(DRIVER_NAMES)} (did you mean autocannon?)`,
    ],
    ['load: { stages: [] }', 'p.yaml:2:9 load.stages: [] is not valid; expected at least one stage'],
    [
      'load: { duration: 1s, stages: [{ duration: 1s, rate: 1/s }] }',
      'p.yaml:2:19 load.duration: cannot be combined with load.stages (each stage has its own duration; leave load.duration out)',
    ],
    [
      'load: { stages: [{ duration: 1s, rate: 0/s }] }',
      'p.yaml:2:9 load.stages: no stage has a rate above 0/s; expected some load',
    ],
    [
      'load: { stages: [{ duration: 1s }] }',
      'p.yaml:2:18 load.stages[0]: needs exactly one of rate or spike',
    ],
    [
      'load: { stages: [{ duration: 1s, spike: 5/s, from: 1/s }] }',
      'p.yaml:2:52 load.stages[0].from: cannot be combined with spike (a jump has no start rate; leave one of the two out)',
    ],
    ['calls: []', 'p.yaml:3:1 calls: [] is not valid; expected at least one call'],
    [
      'calls: [{ list: tools, weight: 0 }]',
      'p.yaml:3:32 calls[0].weight: 0 is not valid; expected a number above 0, at most 1000000',
    ],
    [
      'calls: [{ tool: a, list: tools }]',
      'p.yaml:3:26 calls[0].list: sets tool and list; expected exactly one of tool, list, read, prompt, discover, method or flow',
    ],
    [
      'calls: [{ list: tools, arguments: {} }]',
      'p.yaml:3:24 calls[0].arguments: cannot be combined with list (only a tool or a prompt takes arguments; leave them out)',
    ],
    [
      'calls: [{ tool: a, arguments: { b: ["{{sq}}"] } }]',
      'p.yaml:3:37 calls[0].arguments.b[0]: unknown placeholder "sq"; expected agent, seq, randomInt, randomFloat, randomString, uuid, oneOf or zipf (did you mean {{seq}}?)',
    ],
    [
      'calls: [{ tool: a, arguments: { b: .inf } }]',
      'p.yaml:3:36 calls[0].arguments.b: Infinity cannot be written as JSON; expected text, a number, a list or a mapping',
    ],
    ['fleet:', 'p.yaml:1:1 the profile: needs exactly one of target or fleet'],
    [
      'target: { url: "http://a/" }',
      'p.yaml:4:1 fleet: sets target and fleet; expected exactly one of target or fleet',
    ],
    [
      'fleet: { era: session }',
      'p.yaml:4:15 fleet.era: "session" is not valid; expected stateless, sessions or auto (did you mean sessions?)',
    ],
    [
      'fleet: { server: { command: node x }, tools: { catalogue: 20 } }',
      'p.yaml:4:39 fleet.tools: has no effect on a server started by a command, which offers its own tools; expected fleet.server sdk or lean (leave fleet.tools out; if other variants need it, set it in those)',
    ],
    [
      'fleet: { server: { command: [] } }',
      'p.yaml:4:20 fleet.server.command: [] is not valid; expected a command line, or a list of program and arguments',
    ],
    [
      'fleet: { server: { command: "node x --port {{prot}}" } }',
      'p.yaml:4:29 fleet.server.command: "{{prot}}" is not a placeholder; expected {{port}}, or \\{{ for literal braces (did you mean {{port}}?)',
    ],
    [
      'fleet: { server: { command: [docker, inspect, "{{.State}}"] } }',
      'p.yaml:4:47 fleet.server.command[2]: "{{.State}}" is not a placeholder; expected {{port}}, or \\{{ for literal braces',
    ],
    [
      'fleet: { server: { command: "x {{port}" } }',
      'p.yaml:4:29 fleet.server.command: "{{port}" is an unclosed placeholder; expected {{port}}, or \\{{ for literal braces',
    ],
    [
      'fleet: { server: { command: x, env: { A: "s3cr3t{{s3cr3t}}" } } }',
      'p.yaml:4:42 fleet.server.env.A: the text after {{ is not a placeholder; expected {{port}}, or \\{{ for literal braces',
    ],
    [
      'fleet: { server: { command: node x, envs: {} } }',
      'p.yaml:4:37 fleet.server.envs: unknown key; expected command, env, cwd, ready or path (did you mean "env"?)',
    ],
    [
      'fleet: { server: { command: node x, env: { A: 1 } } }',
      'p.yaml:4:47 fleet.server.env.A: the value (not shown) is not valid; expected text; quote it',
    ],
    [
      'fleet: { server: { command: node x, path: mcp } }',
      'p.yaml:4:43 fleet.server.path: "mcp" is not valid; expected a path such as /mcp',
    ],
    [
      'fleet: { server: sdx }',
      'p.yaml:4:18 fleet.server: "sdx" is not valid; expected sdk, lean, or a mapping with a command',
    ],
    [
      'load: { rate: 1/s, driver: autocannon }',
      'p.yaml:2:28 load.driver: autocannon has no open loop, so it cannot be combined with load.rate (use load.concurrency, or load.driver wire or undici)',
    ],
    [
      'fleet: { instances: 65 }',
      'p.yaml:4:21 fleet.instances: 65 is not valid; expected a whole number from 1 to 64',
    ],
    [
      'fleet: { tools: { work: soon } }',
      'p.yaml:4:25 fleet.tools.work: "soon" is not valid; expected a duration such as 250ms, 2s or 1m, from 0s to 1h',
    ],
    [
      'fleet: { tools: { work: 5 } }',
      'p.yaml:4:25 fleet.tools.work: 5 is not valid; expected a duration such as 5ms, or one of uniform, exponential, lognormal and bimodal',
    ],
    [
      'fleet: { tools: { work: { uniform: { min: 2ms, max: 1ms } } } }',
      'p.yaml:4:43 fleet.tools.work.uniform.min: is longer than max; expected at most 1ms',
    ],
    [
      'fleet: { tools: { work: { exponental: { mean: 2ms }, uniform: { min: 1ms, max: 2ms } } } }',
      'p.yaml:4:27 fleet.tools.work.exponental: unknown key; expected uniform, exponential, lognormal or bimodal (did you mean "exponential"?)',
    ],
    [
      'fleet: { tools: { work: { bimodal: { fast: 1ms, slow: 2ms } } } }',
      'p.yaml:4:27 fleet.tools.work.bimodal.slowShare: is missing; expected a number above 0, at most 1',
    ],
    [
      'fleet: { tools: { reportBytes: 1GB } }',
      'p.yaml:4:32 fleet.tools.reportBytes: "1GB" is not valid; expected a size in bytes such as 65536, 64KiB or 1MB, from 0 to 67108864',
    ],
    [
      'fleet: { tools: { concurrency: 0 } }',
      'p.yaml:4:32 fleet.tools.concurrency: 0 is not valid; expected a whole number from 1 to 10000',
    ],
    [
      'fleet: { server: { command: node x }, tools: { concurrency: 4 } }',
      'p.yaml:4:39 fleet.tools: has no effect on a server started by a command, which offers its own tools; expected fleet.server sdk or lean (leave fleet.tools out; if other variants need it, set it in those)',
    ],
    [
      'balancer: { engine: ngnix }',
      'p.yaml:5:21 balancer.engine: "ngnix" is not valid; expected embedded, nginx or haproxy (did you mean nginx?)',
    ],
    [
      'balancer: { policy: stiky }',
      `p.yaml:5:21 balancer.policy: "stiky" is not valid; expected ${alternatives(POLICY_NAMES)} (did you mean sticky?)`,
    ],
    [
      'auth: { mode: oauth }',
      'p.yaml:5:15 auth.mode: "oauth" is not valid; expected none, session, jwt, introspection, introspection-cached, gateway or dpop',
    ],
    ['cache: { honour: maybe }', 'p.yaml:5:18 cache.honour: "maybe" is not valid; expected true or false'],
    ['repetitions: 0', 'p.yaml:5:14 repetitions: 0 is not valid; expected a whole number from 1 to 1000'],
    [
      'thresholds: ["p(99) < 50 parsecs"]',
      'p.yaml:5:23 thresholds[0]: "50 parsecs" is not a duration in "p(99) < 50 parsecs"; expected a duration such as 50ms or 2s',
    ],
    [
      'thresholds: ["p99 < 50ms"]',
      'p.yaml:5:15 thresholds[0]: unknown metric "p99" in "p99 < 50ms"; expected "p(99)", "mean" or "max" (after "service_time" or "send_lag" if not of "response_time"), or one of error_rate, rate, dropped, max_over_mean (did you mean "p(99)"?)',
    ],
    [
      'thresholds: [dropped == 0, "error_rate{tools/lst} == 0"]',
      'p.yaml:5:40 thresholds[1]: unknown call "tools/lst" in "error_rate{tools/lst} == 0"; expected one of "tools/list" (did you mean "tools/list"?)',
    ],
    [
      'thresholds: [dropped == 0 for defalt]',
      'p.yaml:5:31 thresholds[0]: unknown variant "defalt" in "dropped == 0 for defalt"; expected one of "default" (did you mean "default"?)',
    ],
    [
      'thresholds: [""]',
      'p.yaml:5:14 thresholds[0]: "" is not valid; expected a threshold such as "p(99) < 50ms"',
    ],
  ])('%s', (line, message) => {
    expect(problemsIn(withLines(line))).toEqual([message]);
  });

  it.each([
    ['target: { url: here }', 'p.yaml:4:16 target.url: "here" is not valid; expected an http or https URL'],
    [
      'target: { url: "ftp://a/" }',
      'p.yaml:4:16 target.url: "ftp://a/" is not valid; expected an http or https URL',
    ],
    [
      'target: { url: "http://a/", headers: { "a b": x } }',
      'p.yaml:4:40 target.headers.a...: is not valid as a key; expected a header name',
    ],
    [
      'target: { url: "http://a/", headers: { a: 5 } }',
      'p.yaml:4:43 target.headers.a: the value (not shown) is not valid; expected text, or a list of texts, one for each agent',
    ],
    [
      'target: { url: "http://a/", headers: { a: "b\\nc" } }',
      'p.yaml:4:43 target.headers.a: the value (not shown) is not valid; expected text in one line',
    ],
  ])('%s', (line, message) => {
    expect(problemsIn(withLines('fleet:', line))).toEqual([message]);
  });

  it('a balancer does not stand in front of a target', () => {
    const text = withLines('fleet:', 'target: { url: "http://a/" }', 'balancer: {}');
    expect(problemsIn(text)).toEqual([
      'p.yaml:5:1 balancer: needs a fleet or target.instances; it cannot be combined with a URL (leave it out)',
    ]);
  });
});

describe('a text that is no profile', () => {
  it.each([
    ['', 'p.yaml: the file is empty; expected a profile'],
    ['# nothing', 'p.yaml: the file is empty; expected a profile'],
    ['- 1', 'p.yaml:1:1: is not a profile; expected a mapping that begins with version: 1'],
    ['version: 1\nversion: 1', 'p.yaml:2:1: not readable as YAML: map keys must be unique'],
    ['a: &a [*a]', 'p.yaml: not readable as YAML: an alias contains itself'],
    ['a: *b', 'p.yaml: not readable as YAML: unresolved alias (the anchor must be set before the alias): b'],
  ])('%j', (text, message) => {
    expect(problemsIn(text)).toEqual([message]);
  });
});

describe('tools beside a server by its command', () => {
  const tools = 'fleet: { server: { command: node x }, tools: { catalogue: 0, ttl: soon }, era: none }';

  it('are told with what else is wrong in them', () => {
    const problems = problemsIn(withLines(tools));
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(': ')))).toEqual([
      'p.yaml:4:39 fleet.tools',
      'p.yaml:4:59 fleet.tools.catalogue',
      'p.yaml:4:67 fleet.tools.ttl',
      'p.yaml:4:80 fleet.era',
    ]);
  });

  it('are told for the variants that it concerns, and left alone in the others', () => {
    const both = withLines(
      'fleet: { tools: { catalogue: 3 } }',
      'variants: [{ name: a }, { name: b, fleet.server: { command: node x } }]',
    );
    expect(problemsIn(both)).toEqual([
      expect.stringMatching(/^p\.yaml:4:10 fleet\.tools \(variant "b"\): has no effect/),
    ]);
    const apart = withLines(
      'variants: [{ name: a, fleet.tools: { catalogue: 3 } }, { name: b, fleet.server: { command: node x } }]',
    );
    expect(problemsIn(apart)).toEqual([]);
  });
});

describe('many problems', () => {
  it('are told at once, in the order of the file, whatever kind they are', () => {
    const text = `version: 2
load: { rate: 400, agents: 0, timeot: 1s }
calls:
  - { tool: echo, arguments: { a: "{{agnt}}" }, wait: 2 }
fleet: { server: lean, era: sessions, instances: none }
variants:
  - { name: a, fleet.era: statless }
  - { name: a, load: { warmpu: 1s }, calls.0.arguments: { b: "{{" } }
  - { fleet.instances: 99, title: x }
balancer: { policy: route-method }
`;
    expect(problemsIn(text).map((problem) => problem.slice(0, problem.indexOf(': ')))).toEqual([
      'p.yaml:1:10 version',
      'p.yaml:2:15 load.rate',
      'p.yaml:2:28 load.agents',
      'p.yaml:2:31 load.timeot',
      'p.yaml:4:35 calls[0].arguments.a',
      'p.yaml:4:49 calls[0].wait',
      'p.yaml:5:50 fleet.instances',
      'p.yaml:7:27 fleet.era (variant "a")',
      'p.yaml:8:13 variants[1].name',
      'p.yaml:8:24 load.warmpu (variant "a")',
      'p.yaml:8:62 calls[0].arguments.b (variant "a")',
      'p.yaml:9:5 variants[2].name',
      'p.yaml:9:24 fleet.instances (variant "variants[2]")',
      'p.yaml:9:28 variants[2].title',
      'p.yaml:10:21 balancer.policy (variants "a" and "variants[2]")',
    ]);
  });

  it('never end in anything but a UserError, whatever the document', () => {
    const keys = [
      'version',
      'load',
      'rate',
      'stages',
      'calls',
      'tool',
      'fleet',
      'target',
      'tools',
      'work',
      'uniform',
      'variants',
      'name',
      'fleet.era',
      'load.rate',
      '__proto__',
    ];
    const leaf = fc.oneof(
      fc.constantFrom(1, 0, null, true, '5/s', '1s', 'tools', '{{seq}}', '{{'),
      fc.string({ maxLength: 5 }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), tree), (document) => {
        try {
          parseProfile(stringify(document), 'p.yaml');
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
