import { describe, expect, it } from 'vitest';
import { only, problemsIn, withLines } from '../sample-profile.case.ts';

const profile = (fault: string, ...lines: readonly string[]): string =>
  withLines(`faults: [${fault}]`, 'load: { rate: 100/s, duration: 8s }', ...lines);

describe('faults of a fleet', () => {
  it.each([
    ['{ at: 5s, kill: 1 }', { kind: 'kill', atUs: 5e6, count: 1, forUs: 0 }],
    ['{ at: 0s, add: 2 }', { kind: 'add', atUs: 0, count: 2, forUs: 0 }],
    ['{ at: 6s, pause: 1, for: 500ms }', { kind: 'pause', forUs: 500_000 }],
    ['{ at: 5s, drain: 1, instance: 3 }', { kind: 'drain', instance: 3, forUs: 2e6 }],
    ['{ at: 5s, restart: all, every: 1s }', { kind: 'restart', count: 0, forUs: 1e6 }],
    ['{ at: 5s, slow: 1, by: 20ms, for: 1s }', { kind: 'slow', byUs: 20_000, forUs: 1e6 }],
  ])('%s is read', (text, expected) => {
    expect(only(profile(text)).faults).toMatchObject([expected]);
  });

  it('are put in the order in which they come, and are none by default', () => {
    const { faults } = only(profile('{ at: 5s, kill: 1 }, { at: 2s, add: 1 }'));
    expect(faults!.map(({ kind }) => kind)).toEqual(['add', 'kill']);
    expect(only(withLines())).not.toHaveProperty('faults');
  });

  it.each([
    ['{ at: 5s }', [], 'needs exactly one of kill'],
    ['{ at: 5s, kill: 1, add: 1 }', [], 'sets kill and add'],
    ['{ kill: 1 }', [], 'at: is missing'],
    [
      '{ at: 8s, kill: 1 }',
      [],
      'is not within the measured time of 8s (choose an earlier time, or a longer load.duration; for example --set faults.0.at=4s)',
    ],
    ['{ at: 5s, kill: 1, for: 1s }', [], 'cannot be combined with kill'],
    ['{ at: 5s, pause: 2, instance: 1 }', [], 'selects one instance, but pause asks for more'],
    ['{ at: 5s, kill: 5 }', [], 'is more than the 4 instances of the fleet'],
    ['{ at: 5s, kill: 1, instance: 9 }', [], 'there is no instance 9'],
    [
      '{ at: 5s, slow: 1 }',
      ['fleet: { server: { command: x } }'],
      'needs a built-in server, which can delay its answers on request (use pause, or fleet.server sdk or lean)',
    ],
    [
      '{ at: 5s, kill: 1 }',
      ['fleet:', 'target: { url: "http://127.0.0.1:1/mcp" }'],
      'require a fleet: Paceline only injects faults into processes that it started',
    ],
  ])('%s %s is refused', (text, lines, expected) => {
    expect(problemsIn(profile(text, ...lines)).join('\n')).toContain(expected);
  });

  it.each(['embedded', 'nginx', 'haproxy'])('of every kind can be done behind %s', (engine) => {
    const every = ['kill: 1', 'add: 1', 'pause: 1', 'drain: 1', 'restart: all', 'slow: 1'];
    const faults = every.map((kind) => `{ at: 5s, ${kind} }`).join(', ');
    expect(only(profile(faults, `balancer: { engine: ${engine} }`)).faults).toHaveLength(6);
  });

  it('can name an instance that joins', () => {
    const named = (others: string): string => profile(`${others}, { at: 7s, kill: 1, instance: 5 }`);
    expect(only(named('{ at: 1s, add: 1 }')).faults![1]).toMatchObject({ kind: 'kill', instance: 5 });
    expect(only(named('{ at: 1s, restart: all }')).faults![1]).toMatchObject({ kind: 'kill', instance: 5 });
  });

  it('are not injected into a target given by flag', () => {
    const flags = { target: 'http://127.0.0.1:1/mcp' };
    expect(only(profile('{ at: 5s, kill: 1 }'), flags)).not.toHaveProperty('faults');
  });
});
