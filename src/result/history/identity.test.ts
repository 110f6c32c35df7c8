import { describe, expect, it } from 'vitest';
import { identityOf, keyOf, machineText } from './identity.ts';
import { type Day, PROFILE, resultOf } from './series.case.ts';

const keyWith = (day: Omit<Day, 'responseUs'>): string =>
  keyOf(identityOf(resultOf({ responseUs: 1000, ...day }, '2026-10-01T00:00:00.000Z')));

describe('the key of a result', () => {
  it.each([
    ['the title', { profile: { title: 'Other' } }],
    ['thresholds', { profile: { thresholds: ['p(99) < 50ms'] } }],
    ['the number of repetitions', { profile: { repetitions: 10 } }],
    ['the variants', { variants: ['sticky', 'scattered'], profile: { variants: [{ name: 'scattered' }] } }],
    ['the order of keys', { profile: { load: { duration: '10s', rate: '400/s' } } }],
    ['the release of the operating system', { machine: { os: 'Linux 6.9.1' } }],
    ['the minor version of Node', { machine: { node: 'v20.1.0' } }],
    ['the memory and how busy the machine was', { machine: { memoryBytes: 1e9, loadAverage1: 3 } }],
    ['the commit', { commit: 'abc' }],
  ] as const)('does not change with %s', (_, day) => {
    expect(keyWith(day)).toBe(keyWith({}));
  });

  it.each([
    ['the load', { profile: { load: { rate: '500/s', duration: '10s' } } }],
    ['the calls', { profile: { calls: [{ list: 'tools' }] } }],
    ['the fleet', { profile: { fleet: { server: 'sdk', instances: 2 } } }],
    ['another section', { profile: { auth: { mode: 'jwt' } } }],
    ['the CPU', { machine: { cpu: 'Other' } }],
    ['the number of cores', { machine: { cores: 4 } }],
    ['the operating system', { machine: { os: 'Darwin 24.1.0' } }],
    ['the major version of Node', { machine: { node: 'v22.0.0' } }],
  ] as const)('changes with %s', (_, day) => {
    expect(keyWith(day)).not.toBe(keyWith({}));
  });

  it('does not depend on where a target listens, but on how many replicas it has', () => {
    const { fleet: _, ...rest } = PROFILE;
    const key = (target: object): string => keyWith({ profile: { ...rest, fleet: undefined, target } });
    const one = key({ url: 'http://127.0.0.1:3000/mcp', era: 'sessions' });
    expect(key({ era: 'sessions', url: 'http://127.0.0.1:4000/mcp' })).toBe(one);
    expect(key({ url: 'http://127.0.0.1:3000/mcp', era: 'stateless' })).not.toBe(one);
    expect(key({ instances: ['http://a', 'http://b'] })).toBe(key({ instances: ['http://c', 'http://d'] }));
    expect(key({ instances: ['http://a'] })).not.toBe(key({ instances: ['http://a', 'http://b'] }));
  });

  it('says the machine class in words', () => {
    const { machine } = identityOf(resultOf({ responseUs: 1 }, '2026-10-01T00:00:00.000Z'));
    expect(machineText(machine)).toBe('AMD EPYC 7B13, 8 cores, Linux, Node.js 20');
    expect(machineText({ ...machine, cores: 1 })).toContain('1 core,');
  });
});
