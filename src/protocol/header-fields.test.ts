import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../units/user-error.ts';
import { type HeaderFields, headerFields, NO_FIELDS, sharedHead } from './header-fields.ts';
import { type HeaderPair, requestHead } from './headers.ts';

const OWN: readonly HeaderPair[] = [
  ['Accept', 'application/json'],
  ['Mcp-Method', 'tools/list'],
];

/** Values of fields that up to three layers of an agent add. */
const drawn = fc.array(fc.array(fc.stringMatching(/^[\x21-\x7e]{1,40}$/), { maxLength: 3 }), {
  maxLength: 3,
});

describe('the header fields of an agent', () => {
  it('come between those of the protocol and those of the user, in the order in which they were added', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.dictionary(fc.stringMatching(/^u-[a-z]{1,8}$/), fc.constant('v')),
        (layers, user) => {
          const pairs = layers.map((values, layer) =>
            values.map((value, i): HeaderPair => [`X-${layer}-${i}`, value]),
          );
          const fields = pairs
            .map((each) => headerFields(each))
            .reduce((sum, more) => sum.plus(more), NO_FIELDS);
          const whole = requestHead('POST', [...OWN, ...pairs.flat(), ...Object.entries(user)]);
          expect(fields.within(sharedHead('POST', OWN, user))).toMatchObject(whole);
        },
      ),
    );
  });

  it('return the same head each time, also when agents alternate', () => {
    const shared = sharedHead('POST', OWN, {});
    const agents = ['a', 'b'].map((token) => headerFields([['Authorization', token]]));
    const headOf = (fields: HeaderFields): unknown => fields.within(shared);
    const heads = agents.map(headOf);
    expect(heads[0]).not.toEqual(heads[1]);
    expect(agents.map(headOf).every((head, i) => head === heads[i])).toBe(true);
    expect(agents[0]!.plus(agents[1]!)).toBe(agents[0]!.plus(agents[1]!));
    expect(NO_FIELDS.within(shared)).toBe(shared);
  });

  it('are inserted into a new head when the head changes', () => {
    const fields = headerFields([['X-Agent', '1']]);
    const texts = [{}, { 'X-A': 'b' }].map((user) => fields.within(sharedHead('POST', OWN, user)).text);
    expect(texts[1]).toBe(`${texts[0]}X-A: b\r\n`);
  });

  it('let a header of the user replace one of the protocol', () => {
    const shared = sharedHead('POST', OWN, { accept: '*/*', 'X-A': 'b' });
    expect(headerFields([['X-Agent', '1']]).within(shared).text).toBe(
      'accept: */*\r\nMcp-Method: tools/list\r\nX-Agent: 1\r\nX-A: b\r\n',
    );
  });

  it('are in a session only if they say so', () => {
    const session = headerFields([['Mcp-Session-Id', 's']], true);
    const token = headerFields([['Authorization', 't']]);
    expect([token, session, session.plus(token), token.plus(session)].map((each) => each.inSession)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('reject a value that injects another header', () => {
    expect(() => headerFields([['X-A', 'b\r\nX-C: d']])).toThrow(UserError);
  });
});
