import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, mayHold, requiredScopes, type ScopedOperation } from './scopes.ts';

const USER = { read_user: ['resource:db://users/{id}:read', 'tool:{name}'] };
const call = (name: string, given?: Record<string, unknown>) => ({
  method: 'tools/call',
  name,
  ...(given && { arguments: given }),
});

describe('the scopes that an operation requires', () => {
  it.each<[ScopedOperation, readonly string[]]>([
    [call('echo'), ['tool:echo']],
    [call('read_user', { id: 7 }), ['resource:db://users/7:read', 'tool:read_user']],
    [
      call('read_user', { id: 'a b*"\\%{é' }),
      ['resource:db://users/a%20b%2A%22%5C%25%7B%C3%A9:read', 'tool:read_user'],
    ],
    [call('read_user', { id: ['7'] }), ['resource:db://users/{id}:read', 'tool:read_user']],
    [call('read_user'), ['resource:db://users/{id}:read', 'tool:read_user']],
    [call('toString'), ['tool:toString']],
    [{ method: 'resources/read', name: 'db://users/7' }, ['resource:db://users/7:read']],
    [{ method: 'prompts/get', name: 'greet' }, ['prompt:greet']],
    ...['tools/list', 'server/discover', 'initialize', 'ping', 'notifications/initialized', 'GET'].map(
      (method): [ScopedOperation, readonly string[]] => [{ method }, []],
    ),
  ])('%j: %j', (operation, scopes) => {
    expect(requiredScopes(operation, USER)).toEqual(scopes);
  });

  it('are valid in a challenge, and have no wildcard that the template has not, whatever the arguments', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        const [scope] = requiredScopes(call('read_user', { id }), USER);
        expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
        expect(scope).not.toContain('*');
      }),
    );
  });

  it('are different for different arguments', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab%2A* :/') });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [a, b] = [one, other].map((id) => requiredScopes(call('read_user', { id }), USER)[0]);
        expect(a === b).toBe(one === other);
      }),
    );
  });
});

describe('the scopes of a token', () => {
  it.each([
    [['tool:echo'], ['tool:echo'], true],
    [['tool:*'], ['tool:echo'], true],
    [['*'], ['tool:echo', 'x'], true],
    [['tool:e*o'], ['tool:echo'], true],
    [['tool:*e*h*'], ['tool:echo'], true],
    [['resource:db://users/*:read'], ['resource:db://users/7:read'], true],
    [['resource:db://users/*:read'], ['resource:db://users/7/mail:read'], true],
    [['resource:db://users/*:read'], ['resource:db://users/7:write'], false],
    [['resource:db://users/*:read'], ['resource:db://groups/7:read'], false],
    [['tool:echo'], ['tool:echo2'], false],
    [['tool:echo2'], ['tool:echo'], false],
    [['tool:echo'], ['tool:*'], false],
    [['tool:a*a'], ['tool:a'], false],
    [['tool:*aa*a'], ['tool:aa'], false],
    [['tool:*'], ['tool:echo', 'resource:x:read'], false],
    [['tool:*', 'resource:*'], ['tool:echo', 'resource:x:read'], true],
    [[], ['tool:echo'], false],
    [[], [], true],
  ])('%j include %j: %s', (held, required, expected) => {
    expect(holds(new Set(held), required)).toBe(expected);
  });

  const scope = fc.string({ unit: fc.constantFrom(...'ab:./+?([^$'), maxLength: 8 });

  it('include what a wildcard at their end begins', () => {
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        expect(holds(new Set([`${a}*`]), [a + b])).toBe(true);
      }),
    );
  });

  it('without a wildcard include themselves only: all characters are literal', () => {
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        expect(holds(new Set([a]), [b])).toBe(a === b);
      }),
    );
  });

  it('with wildcards include what a regular expression with .* for each matches', () => {
    const pattern = fc.string({ unit: fc.constantFrom(...'ab*.'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom(...'ab.'), maxLength: 8 }), (held, required) => {
        const expression = held
          .split('*')
          .map((piece) => piece.replaceAll('.', '\\.'))
          .join('.*');
        expect(holds(new Set([held]), [required])).toBe(new RegExp(`^${expression}$`).test(required));
      }),
      { numRuns: 1000 },
    );
  });

  it('may be enough for some arguments of a tool exactly if there are such arguments', () => {
    const requires = { tool: ['r:{a}:{b}'] };
    const value = fc.constantFrom('', 'a', 'b', 'ab', 'ba');
    const values = ['', 'a', 'b', 'ab', 'ba', 'a:', ':b', 'a:b'];
    const held = fc.tuple(
      fc.constantFrom('r:', '*', 'r*', 'x:'),
      value,
      fc.constantFrom(':', '*', '*:*'),
      value,
    );
    fc.assert(
      fc.property(held, (pieces) => {
        const set = new Set([pieces.join('')]);
        const some = values.some((a) =>
          values.some((b) => holds(set, requiredScopes(call('tool', { a, b }), requires))),
        );
        expect(mayHold(set, 'tool', requires)).toBe(some);
      }),
    );
    expect(mayHold(new Set(['tool:e*']), 'echo', {})).toBe(true);
    expect(mayHold(new Set(['tool:e*']), 'work', {})).toBe(false);
  });
});
