import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../protocol/json-object.ts';
import type { AuditRequest, Exchange, Place } from './exchange.ts';
import { wholeList } from './whole-list.ts';

const PLACE: Place = { kind: 'instance', name: 'a', url: 'http://127.0.0.1:1/mcp' };
const LIST = { method: 'tools/list', key: 'tools' } as const;

/** Answers each request with the next result; an error where there is none. */
function clientOf(results: readonly (JsonObject | undefined)[]) {
  const asked: unknown[] = [];
  const ask = async (request: AuditRequest, sentTo: Place): Promise<Exchange> => {
    const result = results[asked.length];
    asked.push(request.params?.['cursor']);
    return {
      ...{ number: asked.length, identity: 'i', sentTo, servedBy: 'a', inSession: false, request },
      answer: {
        ...{ outcome: result === undefined ? 'rpc-error' : 'ok', status: 200, detail: undefined },
        ...{ sessionId: undefined, setsCookies: false, ...(result && { result }) },
      },
    };
  };
  return { asked, ask };
}

const page = (name: string, nextCursor?: string): JsonObject => ({ tools: [{ name }], nextCursor });

describe('a whole list', () => {
  it('has the entries of all pages', async () => {
    const client = clientOf([page('x', '2'), page('y')]);
    const list = await wholeList(LIST, client, PLACE);
    expect(list!.entries.map(({ name }) => name)).toEqual(['x', 'y']);
    expect(client.asked).toEqual([undefined, '2']);
  });

  it.each<[string, JsonObject | undefined]>([
    ['has no list', { nextCursor: '3' }],
    ['has something else as its list', { tools: {}, nextCursor: '3' }],
    ['could not be read', undefined],
  ])('is none where a page %s, and no page after that one is read', async (_, second) => {
    const client = clientOf([page('x', '2'), second, page('z')]);
    expect(await wholeList(LIST, client, PLACE)).toBeUndefined();
    expect(client.asked).toEqual([undefined, '2']);
  });
});
