import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import type { Profile } from '../settings.ts';
import type { Sides } from './sides.ts';

const HEAD = 'version: 1\nload: { rate: 100/s }\ncalls: [{ list: tools }]\n';
const COMMANDS: Sides = { form: { kind: 'commands', a: 'node a.js', b: 'node b.js', cwd: '../started' } };
const TARGETS: Sides = { form: { kind: 'targets', a: 'http://one:1/mcp', b: 'http://two:1/mcp' } };
const REVISIONS: Sides = { form: { kind: 'revisions', a: 'main', b: 'HEAD' } };

const read = (rest: string, sides: Sides): Profile =>
  parseProfile(HEAD + rest, '/work/profile/p.yaml', { sides });

const endpointsOf = ({ variants }: Profile): readonly unknown[] =>
  variants.map(({ name, settings }) => ({ name, ...settings.endpoint }));

describe('sides by commands', () => {
  it('replace a built-in server, run where paceline was started, and keep the rest of the fleet', () => {
    const server = (command: string) => ({ command, cwd: '/work/started', env: {}, path: '/mcp' });
    expect(endpointsOf(read('fleet: { server: lean, instances: 2 }', COMMANDS))).toMatchObject([
      { name: 'a', kind: 'fleet', instances: 2, server: server('node a.js') },
      { name: 'b', kind: 'fleet', instances: 2, server: server('node b.js') },
    ]);
  });

  it('keep what the profile says of its own command', () => {
    const own = 'fleet: { server: { command: node x.js, cwd: srv, env: { KEY: value }, path: /rpc } }';
    const server = (command: string) => ({
      command,
      cwd: '/work/profile/srv',
      env: { KEY: 'value' },
      path: '/rpc',
    });
    expect(endpointsOf(read(own, COMMANDS))).toMatchObject([
      { server: server('node a.js') },
      { server: server('node b.js') },
    ]);
  });

  it('take the place of a target, too', () => {
    expect(endpointsOf(read('target: { url: "http://old:1/mcp" }', COMMANDS))).toMatchObject([
      { kind: 'fleet' },
      { kind: 'fleet' },
    ]);
  });

  it('leave out what only a built-in server has, and thresholds, and say so', () => {
    const profile = read('fleet: { tools: { catalogue: 50 } }\nthresholds: ["p(99) < 1s"]', COMMANDS);
    expect(profile.thresholds).toEqual([]);
    expect(profile.notices).toEqual([
      '--a and --b given: thresholds and fleet.tools of the profile do not apply',
    ]);
  });

  it('are two variants even if they are the same', () => {
    const same: Sides = { form: { kind: 'commands', a: 'node a.js', b: 'node a.js', cwd: '.' } };
    expect(read('fleet: {}', same).variants.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('can be read again from the document that is recorded', () => {
    const { document, variants } = read(
      'fleet: { tools: { catalogue: 50 } }\nvariants: [{ name: x, fleet.instances: 2 }]',
      COMMANDS,
    );
    const again = parseProfile(JSON.stringify(document), '/work/profile/p.yaml');
    expect(again.variants).toEqual(variants);
  });

  it('name the flag of the side that is wrong', () => {
    const wrong: Sides = { form: { kind: 'commands', a: '', b: 'node b.js', cwd: '.' } };
    expect(() => read('fleet: {}', wrong)).toThrow(/^--a: fleet\.server\.command/);
  });
});

describe('sides by targets', () => {
  it.each([
    ['a fleet behind a balancer', 'fleet: { instances: 2 }\nbalancer: { policy: sticky }'],
    ['a target', 'target: { url: "http://old:1/mcp" }'],
    ['replicas', 'target: { instances: ["http://old:1/mcp", "http://old:2/mcp"] }'],
  ])('replace %s', (_, rest) => {
    expect(endpointsOf(read(rest, TARGETS))).toMatchObject([
      { name: 'a', kind: 'target', url: 'http://one:1/mcp' },
      { name: 'b', kind: 'target', url: 'http://two:1/mcp' },
    ]);
  });

  it('name the flag of a URL that is none', () => {
    const wrong: Sides = { form: { kind: 'targets', a: 'http://one:1/mcp', b: 'two' } };
    expect(() => read('fleet: {}', wrong)).toThrow(/^--b-target: target\.url/);
  });
});

describe('the variant that both sides are of', () => {
  const TWO =
    'fleet: { instances: 1 }\nvariants: [{ name: one }, { name: many, fleet.instances: 3, balancer.policy: sticky }]';

  it('is the one that is named', () => {
    const profile = read(TWO, { ...REVISIONS, variant: 'many' });
    expect(endpointsOf(profile)).toMatchObject([
      { name: 'a', instances: 3 },
      { name: 'b', instances: 3 },
    ]);
    expect(profile.variants[1]!.settings.balancer).toMatchObject({ policy: 'sticky' });
  });

  it('is the only one, without a name', () => {
    const profile = read('fleet: {}\nvariants: [{ name: x, fleet.instances: 2 }]', REVISIONS);
    expect(endpointsOf(profile)).toMatchObject([{ instances: 2 }, { instances: 2 }]);
  });

  it.each([
    [
      undefined,
      TWO,
      '--variant: is missing: the profile has 2 variants of its own, and a and b are two sides of one of them; expected "one" or "many"',
    ],
    ['few', TWO, '--variant: the profile has no variant "few"; expected "one" or "many"'],
    [
      'few',
      'fleet: {}',
      '--variant: the profile has no variant "few"; expected no variant, as the profile lists none',
    ],
  ])('%s is refused: %s %s', (variant, rest, message) => {
    expect(() => read(rest, { ...REVISIONS, variant })).toThrow(message);
  });
});
