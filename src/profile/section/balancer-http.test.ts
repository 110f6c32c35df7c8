import { describe, expect, it } from 'vitest';
import { ENGINE_NAMES, ENGINES, http2SupportOf } from '../balancer-kinds.ts';
import { only, whatIsWrong, withLines } from '../sample-profile.case.ts';

const REPLICAS = 'target: { instances: ["http://127.0.0.1:3000/mcp"] }';

const read = (keys: string) =>
  only(withLines('load: { concurrency: 4 }', 'fleet:', REPLICAS, `balancer: { ${keys} }`)).balancer;
/** Without the file, line and column. */
const wrong = (keys: string, ...lines: readonly string[]) =>
  whatIsWrong('load: { concurrency: 4 }', ...lines, `balancer: { ${keys} }`).map((problem) =>
    problem.slice(problem.indexOf(' ') + 1),
  );

describe('the version of HTTP between balancer and instances', () => {
  it.each([
    ['http: auto', undefined],
    ['http: 1.1', '1.1'],
    ['http: "1.1"', '1.1'],
    ['http: 2', '2'],
    ['http: "2"', '2'],
  ])('%s is read, as a number or as text', (keys, http) => {
    expect(read(keys)?.http).toBe(http);
  });

  it('is not in the settings where it is the default', () => {
    expect(read('policy: sticky')).not.toHaveProperty('http');
  });

  it.each(ENGINE_NAMES)('may be 2 where the engine speaks it: %s', (engine) => {
    const support = http2SupportOf(engine);
    const problems = support.kind === 'none' ? [`balancer.http: ${support.reason}`] : [];
    expect(wrong(`engine: ${engine}, http: 2`, 'fleet:', REPLICAS)).toEqual(
      problems.map((problem) => expect.stringContaining(problem)),
    );
    expect(support.kind).toBe(ENGINES[engine].program === 'nginx' ? 'none' : 'full');
  });

  it('may be 2 before a server of one’s own, but not before those that Paceline brings', () => {
    expect(wrong('http: 2', 'fleet: { server: { command: "node s.js", path: /mcp } }')).toEqual([]);
    for (const server of ['sdk', 'lean'])
      expect(wrong('http: 2', `fleet: { server: ${server} }`)).toEqual([
        expect.stringContaining('balancer.http: the servers that Paceline brings speak HTTP/1.1'),
      ]);
  });

  it.each(['3', 'h2', 'true'])('%s is no version', (value) => {
    expect(wrong(`http: ${value}`, 'fleet:', REPLICAS)).toEqual([expect.stringContaining('balancer.http: ')]);
  });
});
