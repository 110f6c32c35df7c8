import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LookupLog, LookupLogWriter, mergeLookupLogs } from './lookup-log.ts';

interface Lookup {
  readonly agent: number;
  readonly name: string;
  readonly atUs: number;
}

function logOf(lookups: readonly Lookup[], startUs = 0): LookupLog {
  const writer = new LookupLogWriter();
  writer.begin(startUs);
  for (const { agent, name, atUs } of lookups) writer.add(agent, name, atUs);
  return writer.log();
}

/** The lookups in a log, by the names of what was asked for. */
const lookupsIn = ({
  at10Us,
  agents,
  keys,
  names,
}: LookupLog): readonly (readonly [number, number, string])[] =>
  Array.from(at10Us, (at, i) => [at, agents[i]!, names[keys[i]!]!]);

describe('a log of lookups', () => {
  it('says when, by whom and for what, from the start of the measured time', () => {
    const log = logOf(
      [
        { agent: 7, name: 'tools/list', atUs: 900 },
        { agent: 3, name: 'resources/read a', atUs: 1000 },
        { agent: 7, name: 'tools/list', atUs: 1029 },
      ],
      1000,
    );
    expect(lookupsIn(log)).toEqual([
      [-10, 7, 'tools/list'],
      [0, 3, 'resources/read a'],
      [2, 7, 'tools/list'],
    ]);
    expect(log.measuredFrom).toBe(1);
    expect(log.names).toEqual(['tools/list', 'resources/read a']);
  });

  it('without a measured lookup begins to measure at its end', () => {
    expect(logOf([{ agent: 0, name: 'a', atUs: 5 }], 10).measuredFrom).toBe(1);
    expect(logOf([]).measuredFrom).toBe(0);
  });

  it('holds any number of lookups', () => {
    const lookups = Array.from({ length: 10_000 }, (_, i) => ({ agent: i, name: `k${i % 3}`, atUs: i * 10 }));
    expect(lookupsIn(logOf(lookups))).toEqual(
      lookups.map(({ agent, name, atUs }) => [atUs / 10, agent, name]),
    );
  });

  it('tells 65,535 keys apart', () => {
    const lookups = Array.from({ length: 70_000 }, (_, i) => ({ agent: 0, name: `k${i}`, atUs: 0 }));
    const log = logOf(lookups);
    expect(log.names).toHaveLength(65_536);
    expect(lookupsIn(log)[65_534]).toEqual([0, 0, 'k65534']);
    expect(
      new Set(
        lookupsIn(log)
          .slice(65_535)
          .map(([, , name]) => name),
      ),
    ).toEqual(new Set(['(other)']));
  });

  it('of several workers is the log of one that made all of them', () => {
    const lookup = fc.record({
      agent: fc.nat(5),
      name: fc.constantFrom('tools/list', 'tools/list c', 'prompts/list'),
      atUs: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(lookup), fc.integer({ min: 1, max: 4 }), (all, workers) => {
        const inOrder = all.toSorted((a, b) => a.atUs - b.atUs);
        const shards = Array.from({ length: workers }, (_, worker) =>
          logOf(
            inOrder.filter(({ agent }) => agent % workers === worker),
            100,
          ),
        );
        const merged = mergeLookupLogs(shards);
        const whole = logOf(inOrder, 100);
        // At one time, the order among workers says nothing.
        const sorted = (log: LookupLog) => lookupsIn(log).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
        const ofAgent = (log: LookupLog, wanted: number) =>
          lookupsIn(log).filter(([, agent]) => agent === wanted);
        expect([...merged.at10Us]).toEqual([...whole.at10Us]);
        expect(merged.measuredFrom).toBe(whole.measuredFrom);
        expect(sorted(merged).length).toBe(sorted(whole).length);
        for (let agent = 0; agent <= 5; agent += 1)
          expect(ofAgent(merged, agent)).toEqual(ofAgent(whole, agent));
      }),
    );
  });
});
