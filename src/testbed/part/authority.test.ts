import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assertion, basic, post } from '../../authority/authority.case.ts';
import { clientIdOf } from '../../authority/authority.ts';
import { startHere } from '../../authority/here.case.ts';
import { startAuthority } from '../../authority/start-authority.ts';
import { descendantsOf, gone } from '../../process/processes.case.ts';
import { scratch } from '../../units/scratch.case.ts';
import type { AuthorityOffer, StartedPart } from '../part.ts';
import { settingsOf } from '../profile-testbed.case.ts';
import { authorityPart } from './authority.ts';

const IDENTITIES = `identities:
  - { name: reader, agents: 40, scopes: ['tool:echo'] }
  - { name: 'Büro 1/2', agents: 24, scopes: ['tool:*'] }`;
const FLEET = 'fleet: {}';
const NOTHING = { instances: [], standby: [], controls: {}, authControls: {}, meters: [], sampled: [] };

const folder = scratch();
const started: StartedPart[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((part) => part.stop()));
});

type Started = StartedPart & { readonly authority: AuthorityOffer };

async function start(auth: string, startServer = startHere, keep?: string): Promise<Started> {
  const part = await authorityPart(settingsOf(FLEET, IDENTITIES, auth), startServer).start({
    offered: NOTHING,
    keep,
  });
  started.push(part);
  return { ...part, authority: part.offers.authority! };
}

const RESOURCE = { resource: 'http://127.0.0.1:1/mcp', grant_type: 'client_credentials' };

describe('the part authority', () => {
  it.each(['reader', 'Büro 1/2'])(
    'has a client for the identity %s, with a secret and a key',
    async (name) => {
      const { authority } = await start('auth: { mode: jwt, lifetime: 90s }');
      const client = authority.input.clients.find(({ id }) => id === clientIdOf(name))!;
      const bySecret = await post(authority.tokenEndpoint, { form: RESOURCE, headers: basic(client) });
      expect(bySecret).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 90 } });
      const key = authority.keys[client.id]!;
      const jwt = await new SignJWT({ iss: client.id, sub: client.id, jti: 'once' })
        .setProtectedHeader({ alg: String(key['alg']) })
        .setAudience(authority.issuer)
        .setExpirationTime('1m')
        .sign(await importJWK({ ...key }));
      const form = { ...RESOURCE, ...(await assertion('')), client_assertion: jwt };
      expect((await post(authority.tokenEndpoint, { form })).status).toBe(200);
    },
  );

  it.each([
    ['jwt', 'jwt'],
    ['dpop', 'jwt'],
    ['gateway', 'jwt'],
    ['none', 'jwt'],
    ['introspection', 'opaque'],
    ['introspection-cached', 'opaque'],
  ])('issues the tokens of mode %s: %s', async (mode, tokens) => {
    const { authority } = await start(`auth: { mode: ${mode} }`);
    const headers = basic(authority.input.clients[0]!);
    const { body } = await post(authority.tokenEndpoint, { form: RESOURCE, headers });
    expect(body.access_token.split('.').length).toBe(tokens === 'jwt' ? 3 : 1);
  });

  it('has secrets of its own each time', async () => {
    const [one, other] = await Promise.all([start('auth: { mode: jwt }'), start('auth: { mode: jwt }')]);
    const secrets = [one, other].flatMap(({ authority }) => [
      authority.gatewaySecret,
      authority.input.resourceServer.secret,
      ...authority.input.clients.map(({ secret }) => secret),
    ]);
    expect(new Set(secrets).size).toBe(8);
  });

  it('counts requests, and can stop answering instances', async () => {
    const { authority, offers } = await start('auth: { mode: jwt }', startAuthority);
    const [meter] = offers.meters!;
    await fetch(authority.jwksUrl);
    expect(meter!.measure).toBe('authority');
    expect(await meter!.read()).toMatchObject({ tokens: 0, jwks: 1, cpuUs: expect.any(Number) });
    await offers.authControls!.authorityDown!(true);
    const asked = fetch(authority.jwksUrl);
    await fetch(`${authority.issuer}/.well-known/oauth-authorization-server`);
    expect(await meter!.read()).toMatchObject({ jwks: 1 });
    await offers.authControls!.authorityDown!(false);
    expect((await asked).status).toBe(200);
  });

  it('notes that it ended, unless it was stopped', async () => {
    const before = descendantsOf(process.pid);
    const part = await start('auth: { mode: jwt }', startAuthority);
    const pids = descendantsOf(process.pid).filter((pid) => !before.includes(pid));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(part.notes()).toHaveLength(1), { timeout: 10_000 });
    expect(part.notes()).toEqual([
      { kind: 'exited', part: 'authority', code: null, signal: 'SIGKILL', output: '' },
    ]);
    await expect(part.authority.ask({ kind: 'counts' })).rejects.toThrow('authorization server');

    const other = await start('auth: { mode: jwt }', startAuthority);
    await other.stop();
    await gone(...descendantsOf(process.pid).filter((pid) => !before.includes(pid)));
    expect(other.notes()).toEqual([]);
  });

  it('writes nothing, not even about the version of Node', async () => {
    const part = await start('auth: { mode: jwt }', startAuthority, folder);
    await fetch(part.authority.jwksUrl);
    await part.stop();
    expect(readdirSync(folder)).toEqual(['authority.log']);
    expect(statSync(join(folder, 'authority.log')).size).toBe(0);
  });
});
