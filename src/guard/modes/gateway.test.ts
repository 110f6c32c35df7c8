import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthenticationInput, Identity } from '../guard.ts';
import { answerOf, type Bed, bedOf, issue, present, request } from './authenticator.case.ts';
import { TestAuthority } from './authority.case.ts';
import { GATEWAY_HEADER } from './gateway-header.ts';

/** What a header field can be. */
const latin1 = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });

describe('gateway', () => {
  let authority: TestAuthority;
  let balancer: Bed;
  let instance: Bed;
  beforeEach(async () => {
    authority = await TestAuthority.start('ES256');
    balancer = await bedOf('gateway', authority, { isGateway: true });
    instance = await bedOf('gateway', authority);
  });
  afterEach(async () => {
    await balancer.authenticator.stop?.();
    await authority.stop();
  });

  /** The value of the header that a balancer hands over for a good token. */
  const handedOver = async (by = balancer, changes = {}): Promise<string> => {
    const identity = await by.authenticator.authenticate(await present(by, await issue(by, changes)));
    const [field] = by.authenticator.handOver!(identity as Identity);
    expect(field![0]).toBe(GATEWAY_HEADER);
    return field![1];
  };
  const reach = (value: string, at = instance, fields = {}) =>
    answerOf(at.authenticator.authenticate(request({ ...fields, [GATEWAY_HEADER]: value })));

  it('hands the caller over, with its scopes and the hash of its token', async () => {
    const good = await present(balancer, await issue(balancer, { sub: 'Zoë "☃"' }));
    const known = (await balancer.authenticator.authenticate(good)) as Identity;
    const [[name, value]] = balancer.authenticator.handOver!(known) as [readonly [string, string]];
    expect(instance.authenticator.authenticate(request({ [name]: value }))).toEqual(known);
  });

  it('lets nobody in who reaches an instance directly, also with a good token', async () => {
    const direct = await present(balancer, await issue(balancer));
    expect(await answerOf(instance.authenticator.authenticate(direct))).toBe('not-by-gateway');
  });

  it('takes no account of the header in the balancer', async () => {
    const header = await handedOver();
    expect(await reach(header, balancer)).toBe('missing');
    expect(
      await reach(header, balancer, { authorization: `Bearer ${await issue(balancer, { sub: 'b' })}` }),
    ).toBe('b');
  });

  it('ends the header after ten seconds', async () => {
    const header = await handedOver();
    instance.clock.advance(10e6 - 1);
    expect(await reach(header)).toBe('agent-1');
    instance.clock.advance(1);
    expect(await reach(header)).toBe('not-by-gateway');
  });

  it.each<[name: string, input: Partial<AuthenticationInput>]>([
    ['another secret', { gatewaySecret: 'of somebody else' }],
    ['an empty secret', { gatewaySecret: '' }],
  ])('refuses the header of a gateway with %s', async (_, input) => {
    const other = await bedOf('gateway', authority, { isGateway: true, input });
    expect(await reach(await handedOver(other))).toBe('not-by-gateway');
    await other.authenticator.stop?.();
  });

  it('refuses a header that says more than was signed', async () => {
    const [text, signature] = (await handedOver()).split('.');
    const content = JSON.parse(Buffer.from(text!, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...content, actor: 'admin' })).toString('base64url');
    expect(await reach(`${forged}.${signature}`)).toBe('not-by-gateway');
  });

  it('refuses two headers', async () => {
    const header = await handedOver();
    expect(await reach(`${header}, ${header}`)).toBe('not-by-gateway');
  });

  it('refuses a header with any character changed, added or removed', async () => {
    const header = await handedOver();
    const edit = fc.record({
      at: fc.nat(header.length - 1),
      cut: fc.constantFrom(0, 1),
      put: fc.string({ maxLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, cut, put }) => {
        const edited = `${header.slice(0, at)}${put}${header.slice(at + cut)}`;
        expect(await reach(edited)).toBe(edited === header ? 'agent-1' : 'not-by-gateway');
      }),
    );
  });

  it('refuses any text without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(latin1, async (text) => {
        expect(await reach(text)).toBe('not-by-gateway');
      }),
    );
  });
});
