import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { synthesise } from './arguments.ts';
import { valuesIn } from './learned.ts';

const made = async (inputSchema: unknown, name = 'tool', results: Readonly<Record<string, unknown>> = {}) => {
  const learned = Object.entries(results).flatMap(([tool, structuredContent]) =>
    valuesIn(tool, { structuredContent }),
  );
  const one = await synthesise({ name, inputSchema }, { seed: 1, learned });
  return one.kind === 'made' ? one.arguments : one.reason;
};
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});

describe('synthesised arguments', () => {
  it.each([
    ['no schema', {}, {}],
    ['no parameters', { type: 'object' }, {}],
    [
      'plain types',
      object({ s: { type: 'string' }, n: { type: 'number' }, b: { type: 'boolean' } }),
      { s: 'text', n: 1, b: false },
    ],
    ['described types', object({ s: { type: 'string', description: 'x', title: 'y' } }), { s: 'text' }],
    [
      'const, default, examples, enum',
      object({
        a: { const: 7 },
        b: { type: 'string', default: 'd' },
        c: { type: 'string', examples: ['e'] },
        d: { enum: ['x', 'y'] },
      }),
      { a: 7, b: 'd', c: 'e', d: 'x' },
    ],
    ['a least value', object({ n: { type: 'integer', minimum: 3 } }), { n: 3 }],
    ['a list', object({ l: { type: 'array', items: { type: 'string' } } }), { l: [] }],
    ['a greatest value', object({ n: { type: 'integer', maximum: -2 } }), { n: -2 }],
  ])('has what the schema names, or the plainest value: %s', async (_, schema, expected) => {
    expect(await made(schema)).toEqual(expected);
  });

  it('leaves optional parameters out', async () => {
    expect(await made({ type: 'object', properties: { a: { type: 'string' } } })).toEqual({});
  });

  const AWKWARD: readonly (readonly [string, object])[] = [
    ['lengths', object({ a: { type: 'string', minLength: 4, maxLength: 5 } })],
    ['formats', object({ a: { type: 'string', format: 'email' }, b: { type: 'string', format: 'uri' } })],
    ['a pattern', object({ a: { type: 'string', pattern: '^[a-z]{3}-[0-9]+$' } })],
    ['lists', object({ a: { type: 'array', items: { type: 'string' }, minItems: 2 } })],
    ['objects', object({ a: object({ b: { type: 'integer' } }) })],
    ['a choice', object({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } })],
    ['exclusive bounds', object({ a: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 } })],
    ['multiples', object({ a: { type: 'integer', minimum: 1, multipleOf: 7 } })],
    ['references', object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { type: 'string', minLength: 2 } } })],
    [
      'what cannot be checked',
      object({ a: { type: 'string' } }, { not: { required: ['b'] }, propertyNames: { maxLength: 3 } }),
    ],
    ['no further members', object({ a: { type: 'string' } }, { additionalProperties: false })],
    ['draft 7', object({ a: { type: 'string' } }, { $schema: 'http://json-schema.org/draft-07/schema#' })],
  ];
  it.each(AWKWARD)('are valid: %s', async (_, schema) => {
    const validate = new AjvJsonSchemaValidator().getValidator(schema as never);
    const value = await made(schema);
    expect(value).toBeTypeOf('object');
    expect(validate(value)).toMatchObject({ valid: true });
  });

  it('are valid, and the same for the same seed, whatever bounds the parameters have', async () => {
    const bounds = fc
      .integer({ min: 0, max: 9 })
      .chain((least) =>
        fc.record({ least: fc.constant(least), most: fc.integer({ min: least, max: least + 9 }) }),
      );
    const parameter = fc.oneof(
      bounds.map(({ least, most }) => ({ type: 'integer', minimum: least, maximum: most })),
      bounds.map(({ least, most }) => ({ type: 'string', minLength: least, maxLength: most })),
      bounds.map(({ least, most }) => ({
        type: 'array',
        items: { type: 'boolean' },
        minItems: least,
        maxItems: most,
      })),
      fc.record({ type: fc.constantFrom('string', 'number', 'boolean') }),
    );
    const ajv = new AjvJsonSchemaValidator();
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), parameter),
        fc.nat(99),
        async (parameters, seed) => {
          const inputSchema = object(parameters);
          const one = await synthesise({ name: 'tool', inputSchema }, { seed });
          expect(one).toEqual(await synthesise({ name: 'tool', inputSchema }, { seed }));
          expect(one.kind === 'made' && ajv.getValidator(inputSchema as never)(one.arguments)).toMatchObject({
            valid: true,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says so when the schema allows nothing', async () => {
    expect(await made(object({ a: { type: 'string', minLength: 5, maxLength: 2 } }))).toBeTypeOf('string');
  });
});

describe('learned values', () => {
  const text = { type: 'string' };
  it.each([
    [
      'the same name',
      object({ basket_id: text }),
      'add_item',
      { create_basket: { basket_id: 'b7' } },
      { basket_id: 'b7' },
    ],
    [
      'in another spelling',
      object({ basketId: text }),
      'add_item',
      { create_basket: { basket_id: 'b7' } },
      { basketId: 'b7' },
    ],
    [
      'the id of what the tool made',
      object({ basket_id: text }),
      'add_item',
      { create_basket: { id: 'b7' } },
      { basket_id: 'b7' },
    ],
    [
      'the id of a member',
      object({ basket_id: text }),
      'add_item',
      { start: { basket: { id: 'b7' } } },
      { basket_id: 'b7' },
    ],
    [
      'the id of an entry',
      object({ basket_id: text }),
      'add_item',
      { list_all: { baskets: [{ id: 'b7' }] } },
      { basket_id: 'b7' },
    ],
    [
      'the noun alone',
      object({ basket: text }),
      'add_item',
      { create_basket: { basket_id: 'b7' } },
      { basket: 'b7' },
    ],
    [
      'the id of the tool’s own noun',
      object({ id: text }),
      'get_basket',
      { create_basket: { basket_id: 'b7' } },
      { id: 'b7' },
    ],
    [
      'another type is not taken',
      object({ basket_id: { type: 'integer' } }),
      'add_item',
      { create_basket: { basket_id: 'b7' } },
      { basket_id: 1 },
    ],
    [
      'an unrelated name is not taken',
      object({ order_id: text }),
      'ship',
      { create_basket: { basket_id: 'b7' } },
      { order_id: 'text' },
    ],
    [
      'an optional parameter',
      { type: 'object', properties: { basket_id: text } },
      'show',
      { create_basket: { basket_id: 'b7' } },
      { basket_id: 'b7' },
    ],
    [
      'what the schema names comes first',
      object({ basket_id: { type: 'string', default: 'd' } }),
      'show',
      { create_basket: { basket_id: 'b7' } },
      { basket_id: 'd' },
    ],
  ])('are fed by name and type: %s', async (_, schema, tool, results, expected) => {
    expect(await made(schema, tool, results)).toEqual(expected);
  });
});
