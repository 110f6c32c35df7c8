/** @module States that come back: only as they were given out, to whom, for what and in time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolRequest } from '../tool-answer.ts';
import { stateCodec } from './request-state.ts';

let nowMs = 0;
const clock = { date: () => new Date(nowMs) };
const SECRET = 'a'.repeat(43);
const codec = stateCodec({ secret: SECRET, ttlMs: 1000, clock });

const identity = (actor: string) => ({ client: 'c', actor, scopes: new Set<string>(), tokenHash: 'h' });
const REQUEST: ToolRequest = {
  params: { name: 'deploy', arguments: { env: 'prod', n: { a: 1, b: [2] } } },
  identity: identity('ann'),
};
const seal = (content = { round: 1 }): string => codec.seal(content, REQUEST);

describe('a state', () => {
  it('comes back as it was made', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const copy = JSON.parse(JSON.stringify(content)) as typeof content;
        expect(codec.open(codec.seal(copy, REQUEST), REQUEST)).toEqual(copy);
      }),
    );
  });

  it('is refused when any character of it is another one, is missing or is added', () => {
    const state = seal();
    const chars = fc.constantFrom(...'ABCDwxyz019-_.= +/é');
    fc.assert(
      fc.property(fc.nat(state.length - 1), chars, (at, char) => {
        const [before, after] = [state.slice(0, at), state.slice(at + 1)];
        fc.pre(state[at] !== char);
        for (const text of [before + char + after, before + after, before + char + state.slice(at)])
          expect(codec.open(text, REQUEST)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
    for (let at = 0; at < state.length; at += 1)
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const flipped = String.fromCharCode(state.charCodeAt(at) ^ bit);
        expect(codec.open(state.slice(0, at) + flipped + state.slice(at + 1), REQUEST)).toBeUndefined();
      }
  });

  it.each([
    ['another caller', { ...REQUEST, identity: identity('bob') }],
    ['nobody', { ...REQUEST, identity: undefined }],
    ['another tool', { ...REQUEST, params: { ...REQUEST.params, name: 'other' } }],
    ['other arguments', { ...REQUEST, params: { ...REQUEST.params, arguments: { env: 'test' } } }],
  ])('is refused from %s', (_, request) => {
    expect(codec.open(seal(), request)).toBeUndefined();
  });

  it('is taken when its arguments come in another order, with other members of the request', () => {
    const params = { _meta: {}, arguments: { n: { b: [2], a: 1 }, env: 'prod' }, name: 'deploy' };
    expect(codec.open(seal(), { ...REQUEST, params })).toEqual({ round: 1 });
  });

  it('is refused when its time is over', () => {
    const state = seal();
    nowMs += 999;
    expect(codec.open(state, REQUEST)).toEqual({ round: 1 });
    nowMs += 1;
    expect(codec.open(state, REQUEST)).toBeUndefined();
  });

  it('is refused by another key', () => {
    const other = stateCodec({ secret: 'b'.repeat(43), ttlMs: 1000, clock });
    expect(other.open(seal(), REQUEST)).toBeUndefined();
  });

  it.each([undefined, null, 1, '', 'v1', 'v1..', 'v2.e30.x', {}])('is none: %j', (state) => {
    expect(codec.open(state, REQUEST)).toBeUndefined();
  });
});
