import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallSettings } from '../../profile/settings.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import { compileCalls } from './calls.ts';
import { type DataRows, DataValues } from './data-values.ts';

const setOf = (name: string, count: number, pick: DataRows['pick']): DataRows => ({
  name,
  pick,
  rows: Array.from({ length: count }, (_, n) => ({ n, text: `row "${n}"` })),
});
const at = (values: DataValues, seq: number, source = 'a'): unknown =>
  values.valueOf({ source, field: 'n' }, seq);

it('gives arrivals one row after the other, and all calls of an arrival the same', () => {
  const values = new DataValues([setOf('a', 3, 'sequential')], 1, 2);
  expect(Array.from({ length: 10 }, (_, seq) => at(values, seq))).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1]);
});

it('draws rows from the seed, those of one file independently of those of another', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 50 }), (seed, stride) => {
      const sets = [setOf('a', 1000, 'random'), setOf('b', 1000, 'random')];
      const values = new DataValues(sets, seed, stride);
      const drawn = (source: string) => Array.from({ length: 20 }, (_, n) => at(values, n * stride, source));
      const again = new DataValues(sets, seed, stride);
      expect(drawn('a')).toEqual(Array.from({ length: 20 }, (_, n) => at(again, n * stride + stride - 1)));
      expect(drawn('a')).not.toEqual(drawn('b'));
    }),
  );
});

it('fills templates, with the JSON type of the value where it is the whole string', () => {
  const call: CallSettings = {
    name: 'c',
    method: 'tools/call',
    tool: 't',
    arguments: { n: '{{a.n}}', text: '{{a.text}}', both: '{{a.n}}: {{a.text}} of {{agent}}' },
    weight: 1,
  };
  const read: CallSettings = { name: 'r', method: 'resources/read', uri: 'x://{{a.n}}', weight: 1 };
  const data = new DataValues([setOf('a', 5, 'sequential')], 1, 1);
  const encoderOf = (one: CallSettings) => statelessCall(one, {});
  const calls = compileCalls({ calls: [call, read], seed: 1, measureFromUs: 0, data, encoderOf });
  const paramsOf = (index: number): Record<string, unknown> =>
    JSON.parse(calls.requestOf({ call: index, seq: 7, agent: 3, dueUs: 0 }).encode().body).params;
  expect(paramsOf(0)['arguments']).toEqual({ n: 2, text: 'row "2"', both: '2: row "2" of 3' });
  expect(paramsOf(1)['uri']).toBe('x://2');
});

it('makes the requests of prompts and of any method, and names a task in the header', () => {
  const prompt: CallSettings = {
    name: 'p',
    method: 'prompts/get',
    prompt: 'greet',
    arguments: { who: '{{agent}}' },
    weight: 1,
  };
  const task: CallSettings = { name: 't', method: 'tasks/get', params: { taskId: 't-{{seq}}' }, weight: 1 };
  const bare: CallSettings = { name: 'b', method: 'x/y', params: {}, weight: 1 };
  const encoderOf = (one: CallSettings) => statelessCall(one, {});
  const calls = compileCalls({ calls: [prompt, task, bare], seed: 1, measureFromUs: 0, encoderOf });
  const made = [0, 1, 2].map((call) => calls.requestOf({ call, seq: 7, agent: 3, dueUs: 0 }).encode());
  const messages = made.map(({ body }) => JSON.parse(body));
  expect(messages.map(({ method }) => method)).toEqual(['prompts/get', 'tasks/get', 'x/y']);
  expect(messages.map(({ params: { _meta, ...params } }) => params)).toEqual([
    { name: 'greet', arguments: { who: 3 } },
    { taskId: 't-7' },
    {},
  ]);
  const names = made.map(
    ({ head }) => /Mcp-Name: (.*)\r\n/.exec(String(head.text ?? JSON.stringify(head)))?.[1],
  );
  expect(names).toEqual(['greet', 't-7', undefined]);
});
