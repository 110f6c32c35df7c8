/** @module Forms that are filled in by rule. */
import { describe, expect, it } from 'vitest';
import { formContent } from './form-answer.ts';

const form = (schema: object): unknown =>
  formContent({ type: 'object', properties: { field: schema }, required: ['field'] })?.['field'];

describe('the content of a form', () => {
  it.each([
    ['the default of a text', { type: 'string', default: 'Luca' }, 'Luca'],
    ['a default that is false', { type: 'boolean', default: false }, false],
    ['a default that is 0', { type: 'integer', minimum: -5, default: 0 }, 0],
    ['a default of several choices', { type: 'array', items: { enum: ['a', 'b'] }, default: ['b'] }, ['b']],
    ['a text', { type: 'string' }, ''],
    ['a text of a length', { type: 'string', minLength: 3, maxLength: 5 }, 'aaa'],
    ['an address', { type: 'string', format: 'email' }, 'a@b.co'],
    ['a long address', { type: 'string', format: 'email', minLength: 10 }, 'aaaaa@b.co'],
    ['a URI', { type: 'string', format: 'uri' }, 'http://a.b/'],
    ['a long URI', { type: 'string', format: 'uri', minLength: 14 }, 'http://a.b/aaa'],
    ['a date', { type: 'string', format: 'date' }, '2026-01-01'],
    ['a date and time', { type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z'],
    ['a number', { type: 'number' }, 0],
    ['a number with a minimum', { type: 'number', minimum: 0.5, maximum: 2 }, 0.5],
    ['a number below 0', { type: 'number', maximum: -2.5 }, -2.5],
    ['an integer between fractions', { type: 'integer', minimum: 1.2, maximum: 2.8 }, 2],
    ['an integer below a fraction', { type: 'integer', maximum: -2.5 }, -3],
    ['a switch', { type: 'boolean' }, false],
    ['one of several', { type: 'string', enum: ['red', 'green'] }, 'red'],
    ['one of several with names', { type: 'string', enum: ['r', 'g'], enumNames: ['red', 'green'] }, 'r'],
    ['one with a title', { type: 'string', oneOf: [{ const: 'r', title: 'red' }] }, 'r'],
    ['none of several', { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, []],
    [
      'some of several',
      { type: 'array', minItems: 2, items: { type: 'string', enum: ['a', 'b', 'c'] } },
      ['a', 'b'],
    ],
    [
      'some with titles',
      {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            { const: 'x', title: 'X' },
            { const: 'y', title: 'Y' },
          ],
        },
      },
      ['x'],
    ],
  ])('has %s', (_, schema, value) => {
    expect(form(schema)).toEqual(value);
  });

  it('has every property, whether it is required or not', () => {
    expect(
      formContent({
        type: 'object',
        properties: { ok: { type: 'boolean', default: true }, why: { type: 'string' } },
      }),
    ).toEqual({ ok: true, why: '' });
    expect(formContent({ type: 'object', properties: {} })).toEqual({});
  });

  it.each([
    ['of an object', { type: 'object' }],
    ['without a type', {}],
    ['that no number satisfies', { type: 'integer', minimum: 1.2, maximum: 1.8 }],
    ['that no text satisfies', { type: 'string', format: 'email', maxLength: 3 }],
    ['that no date satisfies', { type: 'string', format: 'date', minLength: 11 }],
    ['of more choices than there are', { type: 'array', minItems: 3, items: { enum: ['a', 'b'] } }],
    ['of no choice', { type: 'string', enum: [] }],
  ])('cannot be given with a schema %s', (_, schema) => {
    expect(form(schema)).toBeUndefined();
  });

  it('cannot be given without a schema', () => {
    expect(formContent(undefined)).toBeUndefined();
    expect(formContent({ properties: [] })).toBeUndefined();
  });
});
