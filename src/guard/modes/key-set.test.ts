import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bed, bedOf, tried } from './authenticator.case.ts';
import { TestAuthority } from './authority.case.ts';

const SECOND = 1e6;

describe('the keys of the authorization server', () => {
  let authority: TestAuthority;
  let bed: Bed;
  beforeEach(async () => {
    authority = await TestAuthority.start('ES256');
    bed = await bedOf('jwt', authority, { input: { revocations: undefined } });
  });
  afterEach(async () => {
    await bed.authenticator.stop?.();
    await authority.stop();
  });

  const good = async () => tried(bed, await authority.jwt(authority.claims()));
  const bogus = async (kid: string) => tried(bed, await authority.jwt(authority.claims(), { kid }));
  const flood = async (): Promise<readonly string[]> => {
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        authority.jwt(authority.claims(), { kid: `bogus-${index}` }),
      ),
    );
    return Promise.all(tokens.map((token) => tried(bed, token)));
  };

  it('are not read before they are needed, and then once for all calls', async () => {
    expect(authority.asked['/jwks']).toBe(0);
    const answers = await Promise.all(Array.from({ length: 50 }, good));
    expect(new Set(answers)).toEqual(new Set(['agent-1']));
    expect([await good(), authority.asked['/jwks']]).toEqual(['agent-1', 1]);
  });

  it('are read once more for a flood of 1,000 made-up key ids at the same time', async () => {
    await good();
    expect(new Set(await flood())).toEqual(new Set(['unknown-key']));
    expect(authority.asked['/jwks']).toBe(2);
  });

  it('are read once for a flood that comes first', async () => {
    expect(new Set(await flood())).toEqual(new Set(['unknown-key']));
    expect([await good(), authority.asked['/jwks']]).toEqual(['agent-1', 1]);
  });

  it('are read once for made-up key ids one after the other', async () => {
    for (let index = 0; index < 1000; index += 1) await bogus(`bogus-${index}`);
    expect(authority.asked['/jwks']).toBe(1);
  });

  it('may be read again after a pause, which a flood does not prolong', async () => {
    await bogus('a');
    bed.clock.advance(4.9 * SECOND);
    await bogus('b');
    expect(authority.asked['/jwks']).toBe(1);
    bed.clock.advance(0.1 * SECOND);
    await bogus('c');
    expect(authority.asked['/jwks']).toBe(2);
  });

  it('are replaced at once by those of a rotation', async () => {
    const old = await authority.jwt(authority.claims());
    await good();
    await authority.rotate('second');
    expect([await good(), await good(), authority.asked['/jwks']]).toEqual(['agent-1', 'agent-1', 2]);
    expect(await tried(bed, old)).toBe('unknown-key');
    await authority.rotate('third');
    bed.clock.advance(5 * SECOND);
    expect(await good()).toBe('agent-1');
  });

  it('stay as they are when they cannot be read again', async () => {
    await good();
    authority.down = true;
    expect([await bogus('a'), await good()]).toEqual(['unknown-key', 'agent-1']);
  });

  it('leave every token refused until they can be read, with a pause between reads', async () => {
    authority.down = true;
    expect([await good(), await good(), authority.asked['/jwks']]).toEqual([
      'server-unavailable',
      'server-unavailable',
      1,
    ]);
    authority.down = false;
    bed.clock.advance(5 * SECOND);
    expect(await good()).toBe('agent-1');
  });

  it('are none of a server that cannot be reached', async () => {
    const elsewhere = await bedOf('jwt', authority, { input: { jwksUrl: 'http://127.0.0.1:1/jwks' } });
    expect(await tried(elsewhere, await authority.jwt(authority.claims()))).toBe('server-unavailable');
  });
});
