/** @module What the tools for baskets answer, in every server. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { completeState, State } from '../profile/section/state.ts';
import type { StateInput } from '../state/state-input.ts';
import { type Ask, TOOLS, useInstance } from './ask.case.ts';
import type { OwnServer } from './programs.ts';

interface Bed {
  readonly settings: OwnServer;
  readonly ask: Ask;
  /** Whether the head of an answer is sent before a tool has ended: then it cannot say what the tool took. */
  readonly headFirst?: boolean;
}

const stateOf = (given: Record<string, unknown>): StateInput => ({
  settings: completeState(State.parse(given)),
  store: { kind: 'memory' },
  secret: randomBytes(32).toString('base64url'),
});

/** Runs the suite against the server of `settings`. */
export function basketCases({ settings, ask, headFirst = false }: Bed): void {
  describe.each([
    ['store', {}],
    ['signed', { revocation: 'list' }],
    ['signed', { protect: 'jwe', revocation: 'list' }],
    ['memory', {}],
    ['node-encoded', {}],
  ])('baskets of kind %s %j', (kind, more) => {
    const instance = useInstance(settings, TOOLS, undefined, undefined, stateOf({ kind, ...more }));
    const call = async (name: string, args: Readonly<Record<string, unknown>>) => {
      const { message, headers } = await ask(instance.url, 'tools/call', { name, arguments: args });
      return { result: message.result, timing: headers.get('server-timing') ?? '' };
    };
    const basket = async (name: string, args = {}) => {
      const { result, timing } = await call(name, args);
      expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
      return { ...result.structuredContent, timing };
    };

    it('are made, filled, shown and closed', async () => {
      let { basket_id, timing: making } = await basket('create_basket');
      if (!headFirst) expect(making).toMatch(/(^|, )state;dur=[\d.]+;bytes=\d+;made=1, /);
      for (const item of ['apple', 'pear\n"ü" 😀', 'plum']) {
        ({ basket_id } = await basket('add_to_basket', { basket_id, item }));
      }
      const { items, timing } = await basket('get_basket', { basket_id });
      expect(items).toEqual(['apple', 'pear\n"ü" 😀', 'plum']);
      if (!headFirst) {
        expect(timing).toMatch(/(^|, )state;dur=\d+\.\d{3};bytes=\d+, tool;dur=/);
        expect(Number(/bytes=(\d+)/.exec(timing)?.[1])).toBe(3 * basket_id.length);
      }
      expect(await basket('close_basket', { basket_id })).toMatchObject({ closed: true });
      const closed = await call('get_basket', { basket_id });
      const never = await call('get_basket', { basket_id: 'none' });
      expect(closed.result).toMatchObject({ isError: true });
      expect(closed.result).toEqual(never.result);
      if (!headFirst) expect(closed.timing).toMatch(/state;dur=[\d.]+;bytes=\d+;unknown=1, /);
    });
  });
}
