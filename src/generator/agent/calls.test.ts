import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERAS, type Era } from '../../profile/kinds.ts';
import type { CallSettings } from '../../profile/settings.ts';
import { headerFields } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import { type Calls, compileCalls } from './calls.ts';
import { encodersOf } from './encoders.ts';

function mixOf(call: Omit<CallSettings, 'name' | 'weight'>, era: Era = 'stateless', seed = 1): Calls {
  const calls = [{ ...call, name: 'x', weight: 1 }];
  return compileCalls({ calls, seed, measureFromUs: 0, encoderOf: encodersOf({ era, headers: {}, seed }) });
}

const arrival = (seq: number, agent = 0) => ({ seq, agent, call: 0, dueUs: 0 });
const read = (uri: string, era?: Era, seed?: number): Calls =>
  mixOf({ method: 'resources/read', uri }, era, seed);
const paramsOf = ({ body }: Request): Record<string, unknown> => {
  const { _meta, ...params } = (JSON.parse(body) as { params: Record<string, unknown> }).params;
  return params;
};
const nameOf = ({ head }: Request): string | undefined => /Mcp-Name: (.*)\r/.exec(head.text)?.[1];

describe.each(ERAS)('a read (%s)', (era) => {
  it.each<[uri: string, agent: number, seq: number, expected: string]>([
    ['file:///a', 1, 2, 'file:///a'],
    ['paceline://resource/{{agent}}', 7, 2, 'paceline://resource/7'],
    ['x://{{agent}}/{{seq}}', 7, 2, 'x://7/2'],
    ['{{seq}}', 7, 2, '2'],
    ['x://\\{{y}}', 7, 2, 'x://{{y}}'],
    ['x://ä"{{agent}}', 7, 2, 'x://ä"7'],
  ])('of %s by agent %s in call %s is of %s', (uri, agent, seq, expected) => {
    const request = read(uri, era).requestOf(arrival(seq, agent));
    expect(request.operation).toMatchObject({ method: 'resources/read', name: expected });
    expect(request.argumentsJson).toBeUndefined();
    const encoded = request.encode();
    expect(paramsOf(encoded)).toEqual({ uri: expected });
    expect(encoded.ascii).toBe(true);
    if (era === 'stateless' && !expected.includes('ä')) expect(nameOf(encoded)).toBe(expected);
  });

  it('of one of many is drawn by the seed, and made once for each', () => {
    const uri = 'paceline://resource/{{zipf 5 1}}';
    const [one, same, other] = [read(uri, era), read(uri, era), read(uri, era, 2)];
    const names = (calls: Calls): (string | undefined)[] =>
      Array.from({ length: 200 }, (_, seq) => calls.requestOf(arrival(seq)).operation.name);
    expect(names(one)).toEqual(names(same));
    expect(names(one)).not.toEqual(names(other));
    expect(new Set(names(one))).toEqual(new Set([1, 2, 3, 4, 5].map((n) => `paceline://resource/${n}`)));
    const operations = Array.from({ length: 200 }, (_, seq) => one.requestOf(arrival(seq)).operation);
    expect(new Set(operations).size).toBe(5);
  });

  it('of a URI of its own each time is right beyond what is remembered', () => {
    const calls = read('x://{{seq}}', era);
    for (let seq = 0; seq < 10_100; seq += 1) {
      const request = calls.requestOf(arrival(seq));
      if (seq % 1009 === 0 || seq > 9990) expect(paramsOf(request.encode())).toEqual({ uri: `x://${seq}` });
    }
  });
});

describe.each(ERAS)('a request for something else (%s)', (era) => {
  it('is the same call of another tool', () => {
    const calls = mixOf({ method: 'tools/call', tool: 'echo', arguments: { text: '{{seq}} {{uuid}}' } }, era);
    const name = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(name, fc.nat(1000), (tool, seq) => {
        const request = calls.requestOf(arrival(seq, 3)).plus(headerFields([['X-A', 'b']]));
        const renamed = request.named(tool);
        expect(renamed.operation).toMatchObject({ method: 'tools/call', name: tool });
        expect(renamed).toMatchObject({ arrival: request.arrival, context: request.context });
        expect(renamed.argumentsJson).toBe(request.argumentsJson);
        const [encoded, before] = [renamed.encode(), request.encode()];
        expect(paramsOf(encoded)).toEqual({ ...paramsOf(before), name: tool });
        for (const { expected } of [encoded, before])
          expect(expected).toMatchObject({ kind: 'result', id: seq });
        expect(encoded.head.text).toContain('X-A: b\r\n');
      }),
    );
    const renamed = [1, 2].map((seq) => calls.requestOf(arrival(seq)).named('echo-2'));
    expect(renamed[0]!.operation).toBe(renamed[1]!.operation);
    expect(renamed[0]!.named('echo').encode().body).toBe(calls.requestOf(arrival(1)).encode().body);
  });

  it('is the read of another URI', () => {
    const renamed = read('x://{{agent}}', era).requestOf(arrival(1, 2)).named('y://1');
    expect(paramsOf(renamed.encode())).toEqual({ uri: 'y://1' });
  });

  it.each(['tools/list', 'server/discover'] as const)('does not exist for %s', (method) => {
    const request = mixOf({ method }, era).requestOf(arrival(1));
    expect(request.named('x').encode()).toEqual(request.encode());
  });
});
