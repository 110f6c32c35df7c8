import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../document.ts';
import { type Day, resultsOf } from '../history/series.case.ts';
import { measuredSide } from './sides.ts';
import { unlikeSides } from './unlike.ts';

/** What differs between a result and the same with `over`, as consequence, kind and name. */
function differences(
  over: Partial<Day>,
  change: (document: ResultDocument) => ResultDocument = (same) => same,
) {
  const [base, other] = resultsOf([{ responseUs: 1000 }, { responseUs: 1000, ...over }]);
  const sides = [base!, change(other!)].map((document, at) =>
    measuredSide('', [{ path: String(at), document }]),
  );
  return unlikeSides(sides[0]!, sides[1]!).map(({ consequence, kind, what }) => [consequence, kind, what]);
}

const load = { rate: '400/s', duration: '10s' };

/** How a load is written, and its shape in force. */
interface WrittenLoad {
  readonly shape: object;
  readonly load?: object;
}

/** What differs between two results that are the same but for their loads. */
function inForce(...loads: readonly [WrittenLoad, WrittenLoad]) {
  const documents = resultsOf(
    loads.map(({ load }) => ({ responseUs: 1000, ...(load && { profile: { load } }) })),
  );
  const [base, other] = documents.map((document, at) => {
    const effective = { load: { shape: loads[at]!.shape } };
    const variants = document.variants.map((variant) => ({
      ...variant,
      settings: { ...variant.settings, effective },
    }));
    return measuredSide('', [
      { path: String(at), document: { ...document, variants } as unknown as ResultDocument },
    ]);
  });
  return unlikeSides(base!, other!);
}

describe('sides that differ', () => {
  it('in nothing are alike', () => {
    expect(differences({})).toEqual([]);
  });

  it.each<[string, Partial<Day>, readonly unknown[]]>([
    ['the CPU', { machine: { cpu: 'Intel' } }, ['refused', 'machine', 'CPU']],
    ['the cores', { machine: { cores: 4 } }, ['refused', 'machine', 'cores']],
    ['the memory', { machine: { memoryBytes: 1e9 } }, ['marked', 'machine', 'memory in bytes']],
    ['the system', { machine: { os: 'Darwin 25' } }, ['marked', 'machine', 'operating system']],
    ['Node.js', { machine: { node: 'v22.1.0' } }, ['marked', 'node', 'Node.js']],
    ['the rate', { profile: { load: { ...load, rate: '1/s' } } }, ['refused', 'profile', 'load.rate']],
    ['the calls', { profile: { calls: [{ list: 'tools' }] } }, ['refused', 'profile', 'calls']],
    ['the faults', { profile: { faults: [{ kill: 1, at: '1s' }] } }, ['refused', 'profile', 'faults']],
    ['the balancer', { profile: { balancer: { policy: 'sticky' } } }, ['marked', 'profile', 'balancer']],
  ])('in %s', (_, over, found) => {
    expect(differences(over)).toEqual([found]);
  });

  it.each<[string, Partial<Day>]>([
    ['servers', { profile: { fleet: { server: { command: 'node other.js' }, instances: 2 } } }],
    ['targets', { profile: { fleet: undefined, target: { url: 'http://127.0.0.1:4000/mcp' } } }],
  ])('only in their %s are compared', (_, over) => {
    const found = differences(over);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(([consequence]) => consequence === 'refused')).toEqual([]);
  });

  it('do not in what does not say what is measured', () => {
    expect(
      differences({ profile: { title: 'Other', thresholds: ['p(99) < 1s'] }, machine: { loadAverage1: 9 } }),
    ).toEqual([]);
  });

  it('in seed, version, driver, repetitions and overrides', () => {
    expect(
      differences({}, (document) => ({
        ...document,
        seed: 2,
        paceline: '9.9.9',
        variants: document.variants.map((variant) => ({
          ...variant,
          settings: { ...variant.settings, overrides: { 'load.rate': '9/s', 'balancer.policy': 'sticky' } },
          repetitions: variant.repetitions
            .slice(1)
            .map((one) => ({ ...one, generator: { ...one.generator, driver: 'wire' } })),
        })),
      })),
    ).toEqual([
      ['refused', 'driver', 'driver of "sticky"'],
      ['refused', 'profile', 'load.rate of "sticky"'],
      ['marked', 'paceline', 'Paceline'],
      ['marked', 'seed', 'seed'],
      ['marked', 'profile', 'balancer.policy of "sticky"'],
      ['marked', 'repetitions', 'repetitions of "sticky"'],
    ]);
  });

  it('not in loads that are written differently and are the same in force', () => {
    const shape = { kind: 'rate', perSecond: 400 };
    expect(inForce({ shape }, { shape, load: { ...load, rate: '0.4k/s' } })).toEqual([]);
  });

  it('in the calls of traces, wherever these lie', () => {
    const shape = { kind: 'replay', trace: 'trace.jsonl', digest: '0123456789ab' };
    const written = { load: { replay: 'elsewhere/trace.jsonl' } };
    expect(inForce({ shape, load: { replay: 'trace.jsonl' } }, { shape, ...written })).toEqual([]);
    expect(inForce({ shape }, { shape: { ...shape, digest: 'ba9876543210' } })).toMatchObject([
      { consequence: 'refused', kind: 'profile', what: 'trace of "sticky"' },
    ]);
  });
});
