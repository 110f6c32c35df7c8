import { describe, expect, it } from 'vitest';
import { mirroredFields, nextCursorOf, readToolPage } from './tool-list.ts';

const page = (result: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result });
const tool = (inputSchema: unknown) =>
  readToolPage(page({ tools: [{ name: 'issue', inputSchema }] }))!.tools[0]!;
const properties = (fields: Readonly<Record<string, unknown>>) =>
  tool({ type: 'object', properties: fields });
const text = (header: unknown) => ({ type: 'string', 'x-mcp-header': header });

describe('the parameters of a tool that are mirrored in header fields', () => {
  it('are those with x-mcp-header, wherever properties lead to them', () => {
    const nested = { type: 'object', properties: { name: text('Repo') } };
    expect(properties({ owner: text('owner'), title: { type: 'string' }, repo: nested })).toEqual({
      name: 'issue',
      mirrored: [
        { path: ['owner'], header: 'Mcp-Param-owner' },
        { path: ['repo', 'name'], header: 'Mcp-Param-Repo' },
      ],
    });
  });

  it('are none of a property that only has that name, or of data in the schema', () => {
    const odd = { 'x-mcp-header': { type: 'string' }, other: { type: 'string', default: text('a') } };
    expect(properties(odd)).toEqual({ name: 'issue', mirrored: [] });
    expect(tool(undefined)).toEqual({ name: 'issue', mirrored: [] });
  });

  it.each([
    ['empty', { a: text('') }],
    ['no text', { a: text(5) }],
    ['no token', { a: text('My Region') }],
    ['with a line break', { a: text('a\r\nb') }],
    ['twice, in another case', { a: text('Region'), b: text('REGION') }],
    ['on a number', { a: { type: 'number', 'x-mcp-header': 'a' } }],
    ['on an object', { a: { type: 'object', 'x-mcp-header': 'a' } }],
    ['on an array', { a: { type: 'array', 'x-mcp-header': 'a' } }],
    ['on null', { a: { type: 'null', 'x-mcp-header': 'a' } }],
    ['on something without a type', { a: { 'x-mcp-header': 'a' } }],
    ['on items', { a: { type: 'array', items: text('a') } }],
    ['below items', { a: { type: 'array', items: { type: 'object', properties: { b: text('b') } } } }],
    ['in an alternative', { a: { oneOf: [text('a')] } }],
    ['in a definition', { a: { $defs: { b: text('b') } } }],
  ])('make the tool one that must not be called when they are %s', (_, fields) => {
    expect(properties(fields)).toEqual({ name: 'issue', fault: expect.stringContaining('x-mcp-header') });
  });

  it('may not be the schema itself', () => {
    expect(tool({ ...text('a'), properties: {} })).toHaveProperty('fault');
  });
});

describe('the header fields of arguments', () => {
  const mirrored = [
    { path: ['a'], header: 'Mcp-Param-A' },
    { path: ['deep', 'b'], header: 'Mcp-Param-B' },
  ];
  it.each([
    [{ a: 'us-west1', deep: { b: true } }, ['us-west1', 'true']],
    [{ a: 42, deep: { b: -7 } }, ['42', '-7']],
    [{ a: '', deep: { b: ' x' } }, ['=?base64??=', '=?base64?IHg=?=']],
    [{ a: 'Zürich' }, ['=?base64?WsO8cmljaA==?=']],
    [{ a: '=?base64?literal?=' }, ['=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=']],
    [{ a: null, deep: 'b' }, []],
    [{ a: ['x'], deep: { b: {} } }, []],
    [{ a: 2 ** 60, deep: { b: Number.MAX_SAFE_INTEGER } }, [`${Number.MAX_SAFE_INTEGER}`]],
    [undefined, []],
  ])('%j', (args, values) => {
    expect(mirroredFields(mirrored, args).map(([, value]) => value)).toEqual(values);
  });
});

describe('a page of tools', () => {
  it('leads to the next one', () => {
    const body = page({ tools: [], nextCursor: 'c2' });
    expect(readToolPage(body)).toEqual({ tools: [], nextCursor: 'c2' });
    expect(nextCursorOf(body)).toBe('c2');
  });

  it.each([page({ tools: [] }), page({ tools: [], nextCursor: null }), 'not JSON, "nextCursor"', 'null'])(
    'is the last one: %s',
    (body) => expect(nextCursorOf(body)).toBeUndefined(),
  );

  it.each([page({}), page(null), '{"error":{"code":-32601}}', ''])('is none: %s', (body) =>
    expect(readToolPage(body)).toBeUndefined(),
  );
});
