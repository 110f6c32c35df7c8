import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerOf, type Bed, bedOf, issue, present, tried } from './authenticator.case.ts';
import { NOW, RESOURCE, TestAuthority } from './authority.case.ts';
import { AuthorityClient } from './authority-client.ts';

let authority: TestAuthority;
beforeEach(async () => {
  authority = await TestAuthority.start('ES256');
});
afterEach(() => authority.stop());

describe('introspection', () => {
  let bed: Bed;
  beforeEach(async () => {
    bed = await bedOf('introspection', authority);
  });
  afterEach(() => bed.authenticator.stop?.());

  it('asks about every call, so that a revoked token is refused at once', async () => {
    const token = await issue(bed, { jti: 'x' });
    expect([await tried(bed, token), await tried(bed, token)]).toEqual(['agent-1', 'agent-1']);
    authority.revoked.add('x');
    expect([await tried(bed, token), authority.asked['/introspect']]).toEqual(['revoked', 3]);
  });

  it('names its client as RFC 6749 asks, also with reserved characters', async () => {
    await tried(bed, await issue(bed));
    expect(Buffer.from(authority.authorization!.replace('Basic ', ''), 'base64').toString()).toBe(
      'rs+1:s%3Ae%2Fcret',
    );
  });

  it('takes the client for the actor of a token without a subject', async () => {
    expect(await tried(bed, await issue(bed, { sub: undefined }))).toBe('agents');
  });

  it.each([
    ['no object', '[1]', 'server-unavailable'],
    ['null', 'null', 'server-unavailable'],
    ['no JSON', '<html>', 'server-unavailable'],
    ['not whether it is active', '{"client_id":"agents"}', 'server-unavailable'],
    [
      'active as a text',
      JSON.stringify({ active: 'true', client_id: 'a', aud: RESOURCE }),
      'server-unavailable',
    ],
    ['no client', JSON.stringify({ active: true, aud: RESOURCE, exp: NOW + 9 }), 'server-unavailable'],
    ['no audience', JSON.stringify({ active: true, client_id: 'a', exp: NOW + 9 }), 'wrong-audience'],
    ['active after all, without times', JSON.stringify({ active: true, client_id: 'a', aud: RESOURCE }), 'a'],
  ])('of an answer that says %s (%s) makes %s', async (_, answer, expected) => {
    authority.introspected = answer;
    expect(await tried(bed, 'token')).toBe(expected);
  });

  it('refuses while the server is down, and takes the token afterwards', async () => {
    const token = await issue(bed);
    authority.down = true;
    expect(await tried(bed, token)).toBe('server-unavailable');
    authority.down = false;
    expect(await tried(bed, token)).toBe('agent-1');
  });

  it('refuses when nobody listens', async () => {
    const introspection = { url: 'http://127.0.0.1:1/introspect', clientId: 'a', clientSecret: 'b' };
    const lonely = await bedOf('introspection', authority, { input: { introspection } });
    expect(await tried(lonely, 'token')).toBe('server-unavailable');
  });
});

describe('introspection-cached', () => {
  let bed: Bed;
  beforeEach(async () => {
    bed = await bedOf('introspection-cached', authority);
  });
  afterEach(() => bed.authenticator.stop?.());

  it('takes a revoked token until its answer is as old as cacheTtl, and not longer', async () => {
    const token = await issue(bed, { jti: 'x' });
    await tried(bed, token);
    authority.revoked.add('x');
    bed.clock.advance(2e6 - 1);
    expect([await tried(bed, token), authority.asked['/introspect']]).toEqual(['agent-1', 1]);
    bed.clock.advance(1);
    expect([await tried(bed, token), authority.asked['/introspect']]).toEqual(['revoked', 2]);
  });

  it('counts the age from the question, not from the answer', async () => {
    const token = await issue(bed, { jti: 'x' });
    const answer = bed.authenticator.authenticate(await present(bed, token));
    bed.clock.advance(1.5e6);
    expect(await answerOf(answer)).toBe('agent-1');
    authority.revoked.add('x');
    bed.clock.advance(0.5e6);
    expect(await tried(bed, token)).toBe('revoked');
  });

  it('is not prolonged by use', async () => {
    const token = await issue(bed);
    for (let call = 0; call < 8; call += 1) {
      await tried(bed, token);
      bed.clock.advance(0.5e6);
    }
    expect(authority.asked['/introspect']).toBe(2);
  });

  it('never takes an expired token', async () => {
    const token = await issue(bed, { exp: NOW + 1 });
    expect(await tried(bed, token)).toBe('agent-1');
    bed.clock.advance(1e6);
    expect(await tried(bed, token)).toBe('expired');
  });

  it('asks once about a token that many calls have at the same time', async () => {
    const requests = await Promise.all(
      [issue(bed), issue(bed)].map(async (token) => present(bed, await token)),
    );
    const answers = Array.from({ length: 100 }, (_, index) =>
      answerOf(bed.authenticator.authenticate(requests[index % 2]!)),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['agent-1']));
    expect(authority.asked['/introspect']).toBe(2);
  });

  it('answers at once from what it keeps', async () => {
    const token = await issue(bed);
    await tried(bed, token);
    expect(bed.authenticator.authenticate(await present(bed, token))).toMatchObject({ actor: 'agent-1' });
  });

  it('keeps no refusal, and no failure', async () => {
    authority.down = true;
    const token = await issue(bed);
    expect(await tried(bed, token)).toBe('server-unavailable');
    authority.down = false;
    expect(await tried(bed, token)).toBe('agent-1');
  });
});

describe('a request to the authorization server', () => {
  it('ends without an answer when none comes', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const client = new AuthorityClient(50);
    const { port } = silent.address() as AddressInfo;
    expect(await client.get(new URL(`http://127.0.0.1:${port}/`))).toBeUndefined();
    await client.stop();
    silent.closeAllConnections();
    silent.close();
  });
});
