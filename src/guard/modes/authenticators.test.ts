import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthModeName } from '../../profile/auth-kinds.ts';
import { AUTH_ALGORITHMS } from '../../profile/auth-kinds.ts';
import type { Reason } from '../../protocol/authorization/reason.ts';
import { ATTACKS, type Attack } from './attacks.case.ts';
import {
  answerOf,
  type Bed,
  type BedOptions,
  bedOf,
  issue,
  present,
  request,
  tried,
} from './authenticator.case.ts';
import { NOW, RESOURCE, TestAuthority } from './authority.case.ts';

/** What is attacked, and what it answers. The attacks on `none` and on an instance behind a gateway are below. */
const VERIFYING: readonly (readonly [
  name: string,
  mode: AuthModeName,
  options: BedOptions,
  reason: (attack: Attack) => Reason,
])[] = [
  ['jwt', 'jwt', {}, ({ jwt }) => jwt],
  ['session, on initialize', 'session', {}, ({ jwt }) => jwt],
  ['gateway, in the balancer', 'gateway', { isGateway: true }, ({ jwt }) => jwt],
  ['dpop', 'dpop', {}, ({ jwt }) => jwt],
  ['introspection', 'introspection', {}, ({ jwt, opaque = jwt }) => opaque],
  ['introspection-cached', 'introspection-cached', {}, ({ jwt, opaque = jwt }) => opaque],
];

describe.each(AUTH_ALGORITHMS)('tokens signed with %s', (algorithm) => {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await TestAuthority.start(algorithm);
  });
  afterAll(() => authority.stop());

  describe.each(VERIFYING)('%s', (_, mode, options, reason) => {
    let bed: Bed;
    beforeAll(async () => {
      // Before the list of revoked ids is read, once.
      authority.revoked.add(`revoked-${mode}`);
      bed = await bedOf(mode, authority, options);
    });
    afterAll(() => bed.authenticator.stop?.());

    it('knows the caller of a good token, its client and scopes', async () => {
      const answer = await bed.authenticator.authenticate(await present(bed, await issue(bed)));
      expect(answer).toMatchObject({ actor: 'agent-1', client: 'agents' });
      expect(answer).toHaveProperty('scopes', new Set(['mcp:tools', 'tool:echo']));
      expect(answer).toHaveProperty('tokenHash', expect.stringMatching(/^[0-9a-f]{16}$/));
    });

    it.each([
      ['one of several audiences', { aud: ['http://a.example', RESOURCE] }],
      ['valid from now on', { nbf: NOW }],
      ['that expires in a second', { exp: NOW + 1 }],
      ['without scopes', { scope: undefined }],
    ])('takes a token %s', async (_name, changes) => {
      expect(await tried(bed, await issue(bed, changes))).toBe('agent-1');
    });

    it('takes the name of the scheme in any case', async () => {
      const good = await present(bed, await issue(bed));
      const field = good.header('authorization')!.replace(/^\w+/, (scheme) => scheme.toUpperCase());
      const header = (name: string) => (name === 'authorization' ? field : good.header(name));
      expect(await answerOf(bed.authenticator.authenticate({ ...good, header }))).toBe('agent-1');
    });

    it.each(ATTACKS)('refuses $name', async (attack) => {
      const made = await attack.make(bed);
      expect(await answerOf(bed.authenticator.authenticate(made))).toBe(reason(attack));
    });

    it('judges times by the clock of its instance', async () => {
      const token = await issue(bed, { nbf: NOW - 30, exp: NOW + 30 });
      const at = async (skew: number) => {
        bed.skewSeconds = skew;
        return tried(bed, token);
      };
      expect([await at(-31), await at(0), await at(31)]).toEqual(['not-yet-valid', 'agent-1', 'expired']);
      bed.skewSeconds = 0;
    });
  });

  it.each(ATTACKS)('an instance behind a gateway refuses $name', async ({ make }) => {
    const bed = await bedOf('gateway', authority);
    expect(await answerOf(bed.authenticator.authenticate(await make(bed)))).toBe('not-by-gateway');
  });
});

describe('none', () => {
  it('reads no header, and asks nobody', async () => {
    const authority = await TestAuthority.start('ES256');
    const { authenticator } = await bedOf('none', authority);
    const header = () => expect.fail('read a header');
    expect(authenticator.authenticate({ ...request(), header })).toBeUndefined();
    expect(authority.asked).toEqual({ '/jwks': 0, '/introspect': 0, '/revoked': 0 });
    await authority.stop();
  });
});
