import { describe, expect, it } from 'vitest';
import { parseProfile, type ReadOptions } from '../profile.ts';
import { withLines } from '../sample-profile.case.ts';

const noticesOf = (lines: readonly string[], options?: ReadOptions): readonly string[] =>
  parseProfile(withLines('load: { rate: 100/s, duration: 10s }', ...lines), 'p.yaml', options).notices;

const END = '10 s long: its end is not measured (choose an earlier time, or a longer load.duration)';

describe('notices about settings that do not do what they seem to', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['nothing of defaults', [], []],
    [
      'keys of a cache that keeps nothing',
      [
        'cache: { singleFlight: true, staleIfError: 1s, jitter: 0.1, capacity: 3, maxStale: 1s, subscribe: true }',
      ],
      [
        'cache: capacity, singleFlight, jitter, staleIfError, subscribe and maxStale have no effect without cache.honour: true',
      ],
    ],
    [
      'a place of a cache that keeps nothing',
      ['cache: { at: gateway }'],
      ['cache: at has no effect without cache.honour: true'],
    ],
    ['nothing of a cache that keeps results', ['cache: { honour: true, singleFlight: true }'], []],
    [
      'nothing where a variant keeps results, to be compared with one that does not',
      ['cache: { singleFlight: true }', 'variants: [{ name: a }, { name: b, cache.honour: true }]'],
      [],
    ],
    [
      'keys of a cache in some variants',
      ['variants: [{ name: a }, { name: b, cache.singleFlight: true }]'],
      ['cache (variant "b"): singleFlight has no effect without cache.honour: true'],
    ],
    [
      'a pause that goes on after the end',
      ['faults: [{ at: 2s, kill: 1 }, { at: 5s, pause: 1, for: 6s }]'],
      [`faults[1]: pause ends 11 s after the start of the measured time, which is ${END}`],
    ],
    ['nothing of a pause that ends in time', ['faults: [{ at: 5s, pause: 1, for: 5s }]'], []],
    [
      'the time that a fault lasts by default',
      ['faults: [{ at: 9s, slow: 1 }]'],
      [`faults[0]: slow ends 11 s after the start of the measured time, which is ${END}`],
    ],
    [
      'all turns of a restart',
      ['faults: [{ at: 1s, restart: all, every: 4s }]', 'fleet: { instances: 3 }'],
      [`faults[0]: restart ends 13 s after the start of the measured time, which is ${END}`],
    ],
    [
      'an outage in some variants',
      [
        'auth: { mode: jwt }',
        'events: [{ at: 4s, serverDown: 5s }, { at: 2s, rotateKeys: true }]',
        'variants: [{ name: a }, { name: b, events.0.serverDown: 7s }]',
      ],
      [`events[0] (variant "b"): serverDown ends 11 s after the start of the measured time, which is ${END}`],
    ],
  ])('%s', (_, lines, notices) => {
    expect(noticesOf(lines)).toEqual(notices);
  });

  it('settings of the profile that --target takes away', () => {
    const target = 'http://127.0.0.1:3000/mcp';
    const lines = ['balancer: { engine: haproxy, tls: true }'];
    expect(noticesOf(lines, { target })).toEqual([
      '--target given: balancer.tls of the profile does not apply',
    ]);
    expect(noticesOf([...lines, 'faults: [{ at: 2s, kill: 1 }]'], { target })).toEqual([
      '--target given: balancer.tls and faults of the profile do not apply',
    ]);
    expect(noticesOf([], { target, set: ['balancer.tls=true'] })).toEqual([
      '--target given: balancer.tls of the profile does not apply',
    ]);
    expect(noticesOf(['balancer: { tls: false }'], { target })).toEqual([]);
    const both = [...lines, 'variants: [{ name: tls }, { name: plain, balancer.tls: false }]'];
    expect(noticesOf(both, { target })).toEqual([
      '--target given: balancer.tls of the profile does not apply',
      '--target given: balancer.tls of the variants do not apply',
      '--target given: variants "tls" and "plain" no longer differ; they are run once',
    ]);
  });
});
