/** @module Retries: the same request with what was asked for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../call.ts';
import { jsonText } from '../call-arguments.ts';
import { statelessCall } from '../stateless.ts';
import { traceContexts } from '../trace.ts';
import { readInputRequired } from './input-required.ts';
import { retryOf } from './retry.ts';

const CALLS: readonly [Call, string | undefined][] = [
  [{ method: 'tools/call', tool: 'deploy' }, '{"env":"prod"}'],
  [
    { method: 'tools/call', tool: 'a","params":{"b' },
    '{"params":{"inputResponses":1},"n":12345678901234567890}',
  ],
  [{ method: 'resources/read', uri: 'file:///a,b' }, undefined],
];

const asked = (result: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 7, result: { resultType: 'input_required', ...result } });

const own = /("traceparent":")[^"]+/;
const untraced = (body: string): string => body.replace(own, '$1');

describe.each(CALLS)('a retry of %j', (call, args) => {
  const first = statelessCall(call, {}, traceContexts(1))(7, args === undefined ? undefined : jsonText(args));

  it('has another id, the answers and the state, and all else as it was', () => {
    const retry = retryOf(first, 1_000_000_007, {
      responses: { a: { action: 'accept' } },
      stateJson: '"v1.x"',
    });
    const { params, ...rest } = JSON.parse(untraced(first.body)) as { params: object };
    expect(own.exec(retry.body)?.[0]).not.toBe(own.exec(first.body)?.[0]);
    expect(JSON.parse(untraced(retry.body))).toEqual({
      ...rest,
      id: 1_000_000_007,
      params: { ...params, inputResponses: { a: { action: 'accept' } }, requestState: 'v1.x' },
    });
    expect(retry.expected).toEqual({ kind: 'result', id: 1_000_000_007 });
    expect(retry.head).toEqual(first.head);
    if (args !== undefined) expect(retry.body).toContain(`"arguments":${args},`);
  });

  it('has neither member when neither was asked for', () => {
    const retry = retryOf(first, 8, { responses: undefined, stateJson: undefined });
    expect(untraced(retry.body)).toBe(untraced(first.body).replace('"id":7', '"id":8'));
  });

  it('carries any state as it came', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (state) => {
        const { stateJson } = readInputRequired(asked({ requestState: state }))!;
        const retry = retryOf(first, 8, { responses: undefined, stateJson });
        expect(retry.body).toContain(`"requestState":${JSON.stringify(state)},`);
        expect((JSON.parse(retry.body) as { params: object }).params).toMatchObject({ requestState: state });
        expect(retry.ascii).toBe(Buffer.byteLength(retry.body) === retry.body.length);
      }),
    );
  });
});

describe('what a server asks for', () => {
  it('is read from its answer', () => {
    const requests = { a: { method: 'roots/list' } };
    expect(readInputRequired(asked({ inputRequests: requests, requestState: 'é\n' }))).toEqual({
      requests,
      stateJson: '"é\\n"',
    });
    expect(readInputRequired(asked({ inputRequests: requests }))).toEqual({ requests, stateJson: undefined });
    expect(readInputRequired(asked({ requestState: '' }))).toEqual({ requests: {}, stateJson: '""' });
    expect(readInputRequired(asked({}))).toEqual({ requests: {}, stateJson: undefined });
  });

  it('keeps the escapes that the server has written', () => {
    const body = '{"result":{"requestState":"\\u0041\\/","resultType":"input_required"},"id":1}';
    expect(readInputRequired(body)?.stateJson).toBe('"\\u0041\\/"');
  });

  it.each([
    ['requests that are no object', asked({ inputRequests: [] })],
    ['a state that is no text', asked({ requestState: 5 })],
    ['a state that is null', asked({ requestState: null })],
    ['no result', '{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":""}}'],
  ])('is not read from %s', (_, body) => {
    expect(readInputRequired(body)).toBeUndefined();
  });
});
