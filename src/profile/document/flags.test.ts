import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { only, PROFILE, problemsIn, withLines } from '../sample-profile.case.ts';
import type { TargetSettings } from '../settings.ts';

const URL = 'http://127.0.0.1:1/mcp';
const read = (text: string, flags: Parameters<typeof parseProfile>[2]) => parseProfile(text, 'p.yaml', flags);

describe('--set', () => {
  it('overrides the profile, its value read as YAML', () => {
    const flags = {
      set: [
        'load.rate=400/s',
        'load.agents=7',
        'calls=[{tool: a}]',
        'fleet.tools.work={exponential: {mean: 1ms}}',
      ],
    };
    const profile = read(PROFILE, flags);
    expect(profile.variants[0]!.settings).toMatchObject({
      load: { shape: { perSecond: 400 }, agents: 7 },
      calls: [{ tool: 'a' }],
      endpoint: { tools: { work: { kind: 'exponential', meanUs: 1000 } } },
    });
    expect(profile.document).toMatchObject({ load: { rate: '400/s', agents: 7 } });
  });

  it('takes the place of what excludes it', () => {
    expect(only(PROFILE, { set: ['load.concurrency=3'] }).load.shape).toEqual({
      kind: 'closed',
      concurrency: 3,
    });
  });

  it('says which key of the profile it replaces', () => {
    const text = withLines('fleet:', 'target: { url: "http://127.0.0.1:1/mcp" }');
    const profile = read(text, { set: ['fleet.instances=2'] });
    expect(profile.variants[0]!.settings.endpoint.kind).toBe('fleet');
    expect(profile.notices).toEqual([
      '--set fleet.instances=2: target of the profile does not apply, as fleet takes the place of it',
    ]);
    expect(read(text, { set: ['target.era=sessions'] }).notices).toEqual([]);
  });

  it('sets what one variant has, within the list of variants', () => {
    const text = withLines('variants: [{ name: a, load: { agents: 5 } }, { name: b }]');
    const profile = read(text, { set: ['variants.0.load.agents=9'] });
    expect(profile.variants.map(({ settings }) => settings.load.agents)).toEqual([9, 64]);
    expect(profile.notices).toEqual([]);
  });

  it('loses to a variant that sets the same, and says so', () => {
    const text = withLines(
      'variants: [{ name: a, load: { agents: 5 } }, { name: b }, { name: c, load.agents: 6 }]',
    );
    const profile = read(text, { set: ['load.agents=9', 'load.timeout=1s'] });
    expect(profile.variants.map(({ settings }) => settings.load.agents)).toEqual([5, 9, 6]);
    expect(profile.notices).toEqual([
      '--set load.agents=9: "a" and "c" set load.agents to another value, which takes precedence',
    ]);
  });

  it('says so of a mapping only where a variant sets one of its keys', () => {
    const set = ['load={ agents: 9 }'];
    expect(read(PROFILE, { set }).notices).toEqual([]);
    const text = withLines('variants: [{ name: a, load.timeout: 2s }, { name: b, load.agents: 5 }]');
    expect(read(text, { set }).notices).toEqual([
      '--set load={ agents: 9 }: "b" sets load to another value, which takes precedence',
    ]);
  });

  it('says nothing when a later flag wins', () => {
    expect(read(PROFILE, { set: ['load.agents=9', 'load.agents=8'] }).notices).toEqual([]);
  });

  it.each([
    [
      ['load.rate'],
      ['--set: "load.rate" has no value; expected the form path=value, such as load.rate=400/s'],
    ],
    [
      ['load.rate=[', 'x'],
      [
        '--set load.rate=[: "[" is not valid YAML',
        '--set: "x" has no value; expected the form path=value, such as load.rate=400/s',
      ],
    ],
    [
      ['load.agents=0'],
      ['--set load.agents=0: load.agents: 0 is not valid; expected a whole number from 1 to 100000'],
    ],
    [
      ['fleet.er=x'],
      [
        '--set fleet.er=x: fleet.er: unknown key; expected server, era, instances, tools, offer, state, rounds, apps, tasks, headers or instanceHeader (did you mean "era"?)',
      ],
    ],
  ])('%s is refused', (set, problems) => {
    expect(problemsIn(PROFILE, { set })).toEqual(problems);
  });
});

describe('--repetitions', () => {
  it('takes the place of the profile’s, and goes into the document', () => {
    const profile = read(withLines('repetitions: 5'), { repetitions: 2 });
    expect([profile.repetitions, profile.document['repetitions']]).toEqual([2, 2]);
  });

  it('has the same bounds', () => {
    expect(problemsIn(PROFILE, { repetitions: 0 })).toEqual([
      '--repetitions: repetitions: 0 is not valid; expected a whole number from 1 to 1000',
    ]);
  });
});

describe('--target', () => {
  const VARIANTS = withLines(
    'balancer: { policy: sticky }',
    'variants: [{ name: a, fleet.era: sessions }, { name: b, balancer.policy: sticky }, { name: c, load.agents: 5 }]',
  );

  it('takes the place of fleet and balancer', () => {
    const profile = read(withLines('balancer: {}'), { target: URL });
    expect(profile.variants[0]!.settings).toMatchObject({
      endpoint: { kind: 'target', url: URL, era: 'auto', headers: {} },
    });
    expect(profile.variants[0]!.settings.balancer).toBeUndefined();
    expect(Object.keys(profile.document)).toEqual(['version', 'load', 'calls', 'target']);
  });

  it('keeps era and headers of the profile’s own target, and wins over variants', () => {
    const text = withLines(
      'fleet:',
      'target: { url: "http://a/", era: sessions, headers: { X-A: b } }',
      'variants: [{ name: v, target.url: "http://b/" }]',
    );
    expect(only(text, { target: URL }).endpoint).toEqual({
      kind: 'target',
      url: URL,
      era: 'sessions',
      headers: { 'X-A': 'b' },
      instanceHeader: 'x-served-by',
    });
  });

  it('takes the place of instances that run already, and of the balancer in front of them', () => {
    const text = withLines(
      'fleet:',
      'target: { instances: ["http://a/", "http://b/"] }',
      'balancer: { policy: sticky }',
      'variants: [{ name: v, target.instances: ["http://c/"] }]',
    );
    const profile = read(text, { target: URL });
    expect(profile.variants[0]!.settings.endpoint).toMatchObject({ kind: 'target', url: URL });
    expect(profile.variants[0]!.overrides).toEqual({});
    expect(profile.document['target']).toEqual({ url: URL });
  });

  it('runs variants once that differ only in what is not there, and says so', () => {
    const profile = read(VARIANTS, { target: URL });
    expect(profile.variants.map(({ name, overrides }) => [name, overrides])).toEqual([
      ['default', {}],
      ['c', { 'load.agents': 5 }],
    ]);
    expect(profile.notices).toEqual([
      '--target given: fleet.era and balancer.policy of the variants do not apply',
      '--target given: variants "a" and "b" no longer differ; they are run once',
    ]);
  });

  it('keeps what a variant is compared with, by the name under which that is run', () => {
    const list = [
      '{ name: a, fleet.era: sessions }',
      '{ name: b, fleet.era: stateless, base: a }',
      '{ name: c, load.agents: 5, base: b }',
      '{ name: d, load.agents: 6, base: c }',
    ];
    const profile = read(withLines(`variants: [${list.join(', ')}]`), { target: URL });
    expect(profile.variants.map(({ name, base }) => [name, base])).toEqual([
      ['default', undefined],
      ['c', 'default'],
      ['d', 'c'],
    ]);
    const again = parseProfile(JSON.stringify(profile.document), 'p.yaml');
    expect(again.variants).toEqual(profile.variants);
  });

  it('gives a document that reads as the same again', () => {
    const first = read(VARIANTS, { target: URL });
    const again = parseProfile(JSON.stringify(first.document), 'p.yaml');
    expect(again.variants).toEqual(first.variants);
    expect(again.document).toEqual(first.document);
  });

  it('must be a URL', () => {
    expect(problemsIn(PROFILE, { target: 'localhost' })).toEqual([
      '--target: target.url: "localhost" is not valid; expected an http or https URL',
    ]);
  });
});

const FORM = '; expected the form "Name: value" (what was given is not shown)';

describe('--header', () => {
  const headersOf = (text: string, headers: readonly string[]) =>
    (only(text, { target: URL, headers }).endpoint as TargetSettings).headers;

  it('adds to the headers of the target and wins, whatever its case', () => {
    const text = withLines(
      'fleet:',
      'target: { url: "http://a/", headers: { X-A: b, X-C: d } }',
      'variants: [{ name: v, target.headers.x-e: f }]',
    );
    expect(headersOf(text, ['x-a: 1', 'X-E:2', 'X-G: h: i'])).toEqual({
      'X-C': 'd',
      'x-a': '1',
      'X-E': '2',
      'X-G': 'h: i',
    });
  });

  it('is sent but not recorded when it carries a credential', () => {
    const text = withLines(
      'fleet:',
      `target: { url: "${URL}", headers: { Cookie: secret, X-A: b } }`,
      'variants: [{ name: v, target.headers.X-Api-Key: hidden }]',
    );
    const profile = read(text, { headers: ['Authorization: Bearer abc'] });
    expect(profile.variants[0]!.settings.endpoint).toMatchObject({
      headers: { Cookie: 'secret', 'X-A': 'b', Authorization: 'Bearer abc', 'X-Api-Key': 'hidden' },
    });
    expect(JSON.stringify(profile.document)).not.toMatch(/secret|abc|hidden/);
    expect(profile.document['target']).toMatchObject({ headers: { 'X-A': 'b', Cookie: '(not recorded)' } });
    expect(profile.notices).toEqual([
      'the value of cookie, authorization and x-api-key is sent, and not recorded in the result',
    ]);
  });

  it.each([
    ['s3cr3t', [`--header: has no colon${FORM}`]],
    [': s3cr3t', [`--header: has no name before the colon${FORM}`]],
    ['Authorization Bearer s3cr3t', [`--header Authorization: has no colon${FORM}`]],
    ['X-Tenant=s3cr3t', [`--header X-Tenant: has no colon${FORM}`]],
    ['Bearer s3c:r3t', [`--header Bearer: has more than a name before the colon${FORM}`]],
    ['s3 cr:3t', [`--header: has more than a name before the colon${FORM}`]],
    ['a(b): c', ['--header a(b): target.headers.a(b): is not valid as a key; expected a header name']],
  ])('%s is refused', (header, problems) => {
    expect(problemsIn(PROFILE, { target: URL, headers: [header] })).toEqual(problems);
  });

  it('needs a target', () => {
    expect(problemsIn(PROFILE, { headers: ['A: b'] })).toEqual([
      '--header: there is no target to send the header to (add --target, or use a profile with a target)',
    ]);
  });
});
