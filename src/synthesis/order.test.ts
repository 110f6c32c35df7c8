import { expect, it } from 'vitest';
import type { ToolShape } from './arguments.ts';
import { inOrder } from './order.ts';
import { wordsOf } from './words.ts';

const tool = (name: string, ...required: readonly string[]) => ({
  name,
  inputSchema: { type: 'object', required },
});

it.each<readonly [string, readonly ToolShape[], readonly string[]]>([
  [
    'what needs a handle comes after what needs none',
    [tool('get', 'basket_id'), tool('ping')],
    ['ping', 'get'],
  ],
  [
    'what makes comes before what shows',
    [tool('list_baskets'), tool('create_basket')],
    ['create_basket', 'list_baskets'],
  ],
  [
    'what ends comes last',
    [tool('delete_basket', 'id'), tool('add_item', 'id')],
    ['add_item', 'delete_basket'],
  ],
  [
    'what needs more handles comes later',
    [tool('move', 'fromId', 'toId'), tool('show', 'id')],
    ['show', 'move'],
  ],
  ['else the order of the list stays', [tool('b', 'text'), tool('a', 'text')], ['b', 'a']],
  ['no schema', [{ name: 'a', inputSchema: undefined }], ['a']],
])('%s', (_, tools, names) => {
  expect(inOrder(tools).map(({ name }) => name)).toEqual(names);
});

it.each([
  ['basketId', ['basket', 'id']],
  ['basket_id', ['basket', 'id']],
  ['Basket-ID', ['basket', 'id']],
  ['HTTPServer', ['http', 'server']],
  ['', []],
])('%s has the words %s', (name, words) => {
  expect(wordsOf(name)).toEqual(words);
});
