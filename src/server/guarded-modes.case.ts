/** @module What every demonstration server must do in modes and with policies that change what its clients see. */
import { describe, expect, it } from 'vitest';
import { completeOffer } from '../profile/section/offer.ts';
import { TOOLS } from './ask.case.ts';
import { expired, type GuardedBed, metadataUrlOf, refusal } from './guarded-bed.case.ts';

const ECHO = { name: 'echo', arguments: { text: 'a' } };

/** The suite: instances that differ in their guards. */
export function guardedModeCases(bed: GuardedBed): void {
  describe('whose check is skipped', () => {
    const skipping = bed.use((authority) => ({
      authentication: { ...authority.input('jwt'), plant: { busyUs: 0, skip: true } },
    }));

    it('lets every call through', async () => {
      const { url } = skipping;
      for (const fields of [await bed.bearer(url, 'other', expired()), {}]) {
        expect((await bed.ask(url, 'tools/call', ECHO, fields)).status).toBe(200);
      }
    });
  });

  describe('whose check keeps the processor busy', () => {
    const busy = bed.use((authority) => ({
      authentication: { ...authority.input('jwt'), plant: { busyUs: 20_000, skip: false } },
    }));

    it('takes that time in the stage of the authentication', async () => {
      const { headers } = await bed.ask(busy.url, 'tools/call', ECHO, await bed.bearer(busy.url, 'tool:*'));
      const [, ms] = /\bauth;dur=([\d.]+)/.exec(headers.get('server-timing')!)!;
      expect(Number(ms)).toBeGreaterThanOrEqual(20);
    });
  });

  describe('without its authorization server', () => {
    const alone = bed.use((authority) => ({
      authentication: { ...authority.input('jwt'), jwksUrl: 'http://127.0.0.1:1/jwks' },
    }));

    it('says so, and sends no challenge', async () => {
      const answer = await bed.open(alone.url, await bed.bearer(alone.url, 'tool:*'));
      expect(refusal(answer)).toEqual({ status: 503, challenge: null, error: 'temporarily_unavailable' });
    });
  });

  describe('that needs proofs of possession', () => {
    const dpop = bed.use((authority) => ({
      authentication: authority.input('dpop'),
      policy: { kind: 'none' },
    }));

    it('names the scheme and its algorithms', async () => {
      const { url } = dpop;
      const metadata = metadataUrlOf(url);
      expect(refusal(await bed.open(url, {}))).toMatchObject({
        status: 401,
        challenge: `DPoP resource_metadata="${metadata}", algs="ES256 EdDSA"`,
      });
      const { authorization } = await bed.bearer(url, 'tool:*', { cnf: { jkt: 'x' } });
      const unproven = { authorization: authorization.replace('Bearer', 'DPoP') };
      expect(refusal(await bed.open(url, unproven))).toEqual({
        status: 401,
        challenge: `DPoP error="invalid_dpop_proof", error_description="The proof of possession does not match the request and its access token", resource_metadata="${metadata}", algs="ES256 EdDSA"`,
        error: 'invalid_dpop_proof',
      });
      expect(await (await fetch(metadata)).json()).toMatchObject({
        dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
      });
    });
  });

  describe('behind a gateway', () => {
    const instance = bed.use((authority) => ({ authentication: authority.input('gateway') }));

    it('refuses who reaches it directly, also with a good token', async () => {
      const answer = await bed.open(instance.url, await bed.bearer(instance.url, 'tool:*'));
      expect(refusal(answer)).toMatchObject({ status: 401, error: 'invalid_token' });
    });
  });

  describe('that divides lists into pages', () => {
    const offer = { ...completeOffer(TOOLS), pageSize: 2, resources: 1 };
    const pages = bed.use(() => ({}), offer);

    it('shows each caller pages of the tools that it may call, and follows a change', async () => {
      const { url } = pages;
      const walk = async (scope: string) => {
        const fields = { ...(await bed.session(url, scope)), ...(await bed.bearer(url, scope)) };
        const names: string[] = [];
        let cursor: string | undefined;
        do {
          const params = cursor === undefined ? {} : { cursor };
          const { result } = (await bed.ask(url, 'tools/list', params, fields)).message;
          if (!bed.inSessions) expect(result.cacheScope).toBe('private');
          names.push(...result.tools.map((tool: { name: string }) => tool.name));
          cursor = result.nextCursor;
        } while (cursor !== undefined);
        return names;
      };
      expect(await walk('tool:echo tool:work tool:issues_search')).toEqual(['echo', 'work', 'issues_search']);
      expect(await walk('tool:*')).toHaveLength(TOOLS.catalogue - 1);
      const renamed = { from: 'work', to: 'toil' };
      await pages.ask({ kind: 'catalogue', change: { version: 1, what: 'tools', renamed, notify: true } });
      expect(await walk('tool:echo tool:toil')).toEqual(['echo', 'toil']);
      expect(await walk('tool:echo tool:work')).toEqual(['echo']);
    });

    it('checks reads of resources', async () => {
      const read = async (scope: string) => {
        const fields = { ...(await bed.session(pages.url)), ...(await bed.bearer(pages.url, scope)) };
        return bed.ask(pages.url, 'resources/read', { uri: 'paceline://resource/1' }, fields);
      };
      expect((await read('resource:paceline://resource/*')).message.result.contents).toHaveLength(1);
      expect((await read('tool:*')).status).toBe(403);
    });
  });

  describe('whose policy is Cedar', () => {
    const policies = `permit(principal == Agent::"agent", action, resource)
when { context.arguments.text != "forbidden" };
forbid(principal, action, resource == Tool::"work");`;
    const cedar = bed.use(() => ({ policy: { kind: 'cedar', policies, entities: '[]' } }));

    it('decides by tool and arguments, and lists what may be permitted', async () => {
      const { url } = cedar;
      const fields = { ...(await bed.session(url)), ...(await bed.bearer(url, 'any')) };
      const call = (name: string, text: string) =>
        bed.ask(url, 'tools/call', { name, arguments: { text } }, fields);
      expect((await call('echo', 'a')).status).toBe(200);
      expect((await call('work', 'a')).status).toBe(403);
      expect(refusal(await call('echo', 'forbidden'))).toEqual({
        status: 403,
        challenge: `Bearer error="insufficient_scope", resource_metadata="${metadataUrlOf(url)}", error_description="The policy does not permit the operation"`,
        error: 'insufficient_scope',
      });
      const { tools } = (await bed.ask(url, 'tools/list', {}, fields)).message.result;
      const names = tools.map((tool: { name: string }) => tool.name);
      expect([names.includes('echo'), names.includes('work')]).toEqual([true, false]);
    });
  });
}
