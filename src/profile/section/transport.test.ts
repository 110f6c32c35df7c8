import { describe, expect, it } from 'vitest';
import { ENGINE_NAMES, ENGINES } from '../balancer-kinds.ts';
import { DRIVER_NAMES, DRIVERS } from '../kinds.ts';
import { only, whatIsWrong, withLines } from '../sample-profile.case.ts';

const PLAIN = 'target: { url: "http://127.0.0.1:3000/mcp" }';
const SECURE = 'target: { url: "https://127.0.0.1:3000/mcp" }';

const loadOf = (keys: string, target = SECURE) =>
  only(withLines(`load: { rate: 100/s, ${keys} }`, 'fleet:', target)).load;
/** Without the file, line and column. */
const wrong = (keys: string, target = SECURE, balancer = '') =>
  whatIsWrong(`load: { concurrency: 4, ${keys} }`, ...(target === '' ? [balancer] : ['fleet:', target])).map(
    (problem) => problem.slice(problem.indexOf(' ') + 1),
  );

describe('what calls travel over', () => {
  it.each([
    ['http: auto', undefined],
    ['http: 1.1', '1.1'],
    ['http: "1.1"', '1.1'],
    ['http: 2', '2'],
    ['http: "2"', '2'],
  ])('%s is read, as a number or as text', (keys, http) => {
    expect(loadOf(keys).http).toBe(http);
  });

  it('is not in the settings where it is the default', () => {
    const load = loadOf('http: auto, streams: 100, tls: { resume: true }');
    for (const key of ['http', 'streams', 'tls']) expect(load).not.toHaveProperty(key);
    expect(loadOf('http: 2, streams: 25, tls: { resume: false }')).toMatchObject({
      http: '2',
      streams: 25,
      tls: { resume: false },
    });
  });

  it.each([
    ['driver: undici, perConnection: 5, http: 1.1', SECURE],
    ['driver: undici, perConnection: 5', PLAIN],
    ['driver: wire, perConnection: 5, http: 2', SECURE],
  ])('%s is valid', (keys, target) => {
    expect(loadOf(keys, target).perConnection).toBe(5);
  });

  it('is overridden by a variant', () => {
    expect(only(withLines('fleet:', SECURE, 'variants: [{ name: a, load.http: 2 }]')).load.http).toBe('2');
  });

  it.each([
    ['http: 3', 'load.http: 3 is not valid'],
    ['http: 1.10001', 'load.http: 1.10001 is not valid'],
    ['streams: 0', 'load.streams: 0 is not valid'],
    ['streams: 1001', 'load.streams: 1001 is not valid'],
    ['tls: { resume: maybe }', 'load.tls.resume: "maybe" is not valid'],
    ['tls: { resum: true }', 'load.tls.resum: unknown key'],
  ])('%s is not valid', (keys, problem) => {
    expect(wrong(keys)).toEqual([problem]);
  });

  it.each([
    ['http: 1.1, streams: 25', SECURE, 'load.streams: has no effect: load.http is 1.1'],
    ['streams: 25', PLAIN, 'load.streams: has no effect: load.http auto is 1.1 without TLS'],
    ['tls: { resume: false }', PLAIN, 'load.tls: has no effect: connections do not use TLS'],
    [
      'driver: undici, perConnection: 5, http: 2',
      PLAIN,
      'load.perConnection: undici cannot replace connections of HTTP/2',
    ],
    // HTTP/2 may be chosen.
    ['driver: undici, perConnection: 5', SECURE, 'load.perConnection: undici cannot replace'],
  ])('%s without effect is a problem', (keys, target, problem) => {
    expect(wrong(keys, target)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['streams: 25', SECURE],
    ['http: 2, streams: 25', PLAIN],
    ['tls: { resume: true }', SECURE],
  ])('%s with an effect is none', (keys, target) => {
    expect(wrong(keys, target)).toEqual([]);
  });

  it.each([
    ['', 'http: 2', 'load.http: balancers speak HTTP/2 only over TLS'],
    ['tls: true', 'http: 2', 'load.http: the embedded balancer speaks HTTP/1.1'],
    ['tls: true', 'streams: 4', 'load.streams: has no effect: load.http auto is 1.1 here'],
    ['engine: nginx', 'tls: { resume: false }', 'load.tls: has no effect: connections do not use TLS'],
    ['engine: nginx, tls: 1', 'http: 1.1', 'balancer.tls: 1 is not valid'],
  ])('behind a balancer with %s, %s is a problem', (balancer, keys, problem) => {
    expect(wrong(keys, '', `balancer: { ${balancer} }`)).toEqual([expect.stringContaining(problem)]);
  });

  it('reaches a balancer over TLS where that is asked for', () => {
    const read = (balancer: string, keys: string) =>
      only(withLines(`load: { rate: 100/s, ${keys} }`, `balancer: { ${balancer} }`));
    for (const engine of ENGINE_NAMES) {
      const http = ENGINES[engine].http2 ? 'http: 2, streams: 25,' : 'http: 1.1,';
      const { balancer } = read(`engine: ${engine}, tls: true`, `${http} tls: { resume: false }`);
      expect(balancer).toEqual({ engine, policy: 'round-robin', tls: true });
    }
    expect(read('tls: false', '').balancer).not.toHaveProperty('tls');
  });

  it.each(DRIVER_NAMES)('of the driver %s has only what it supports', (driver) => {
    const { http2, resumes } = DRIVERS[driver];
    const none = <Problem>(supported: boolean, problem: Problem) => (supported ? [] : [problem]);
    expect(wrong(`driver: ${driver}, http: 1.1`)).toEqual([]);
    expect(wrong(`driver: ${driver}, http: 2, streams: 4, tls: { resume: false }`)).toEqual([
      ...none(http2, `load.http: ${driver} does not speak HTTP/2`),
      ...none(http2, `load.streams: ${driver} does not speak HTTP/2`),
      ...none(resumes, `load.tls: ${driver} cannot resume sessions of TLS`),
    ]);
  });
});
