import { describe, expect, it } from 'vitest';
import { entitiesAround } from './cedar-entities.ts';

const uid = (type: string, id: string) => ({ type, id });
const entity = (id: string, parents: readonly string[], attrs = {}) => ({
  uid: uid('E', id),
  attrs,
  parents: parents.map((parent) => uid('E', parent)),
});

describe('the entities around a call', () => {
  const around = entitiesAround([
    entity('a', ['b']),
    entity('b', ['c', 'gone']),
    entity('c', []),
    entity('d', [], { owner: { __entity: uid('E', 'e') }, list: [uid('E', 'f')] }),
    entity('e', [], { friend: { __entity: uid('E', 'd') } }),
    entity('f', []),
    entity('g', ['a']),
  ]);
  const names = (...roots: readonly string[]) =>
    around(roots.map((id) => uid('E', id))).map(({ uid }) => ('id' in uid ? uid.id : ''));

  it.each([
    [['a'], ['a', 'b', 'c']],
    [['d'], ['d', 'e', 'f']],
    [
      ['c', 'a'],
      ['c', 'a', 'b'],
    ],
    [['gone'], []],
  ])('of %j are %j: parents, attributes and what these lead to', (roots, expected) => {
    expect(names(...roots)).toEqual(expected);
  });
});
