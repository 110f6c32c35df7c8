import { expect, it } from 'vitest';
import { dataIn } from './result-data.ts';

const text = (value: string): object => ({ type: 'text', text: value });

it.each<[what: string, result: unknown, data: unknown]>([
  ['structured content', { structuredContent: { a: 1 }, content: [text('{"b":2}')] }, { a: 1 }],
  ['structured content of any type', { structuredContent: 0, content: [text('{"b":2}')] }, 0],
  ['a text that is JSON', { content: [text('[1]')] }, [1]],
  ['the first such text', { content: [text('made'), text('{"id":1}'), text('{"id":2}')] }, { id: 1 }],
  ['an object before a plain value', { content: [text('3'), text('{"id":1}')] }, { id: 1 }],
  ['a plain value', { content: [text('made'), text('3')] }, 3],
  ['no text of another type', { content: [{ type: 'resource', text: '{"id":1}' }] }, undefined],
  ['no text that is not JSON', { content: [text('made')] }, undefined],
  ['nothing in an empty result', {}, undefined],
  ['nothing in what is no object', [text('{"id":1}')], undefined],
])('the data of a result is %s', (_, result, data) => {
  expect(dataIn(result)).toEqual(data);
});
