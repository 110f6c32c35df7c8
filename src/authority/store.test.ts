import type { Adapter } from 'oidc-provider';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../units/virtual-clock.ts';
import { createStore } from './store.ts';

describe('the store', () => {
  const payload = (jti: string) => ({ jti, scope: 'tool:echo' });

  it('keeps entries until they expire, or are removed', async () => {
    const clock = new VirtualClock();
    const tokens = createStore(clock)('ClientCredentials');
    await tokens.upsert('a', payload('a'), 10);
    await tokens.upsert('b', payload('b'), 20);
    await tokens.upsert('c', payload('c'));
    clock.advance(9e6);
    expect(await tokens.find('a')).toEqual(payload('a'));
    clock.advance(1e6);
    expect(await tokens.find('a')).toBeUndefined();
    expect(await tokens.find('b')).toEqual(payload('b'));
    await tokens.destroy('b');
    expect(await tokens.find('b')).toBeUndefined();
    clock.advance(1e12);
    expect(await tokens.find('c')).toEqual(payload('c'));
  });

  it('is one for all who ask for the same kind, and keeps kinds apart', async () => {
    const store = createStore(new VirtualClock());
    await store('ClientCredentials').upsert('a', payload('a'), 10);
    expect(await store('ClientCredentials').find('a')).toEqual(payload('a'));
    expect(await store('ReplayDetection').find('a')).toBeUndefined();
  });

  it('knows all of many entries, and does not find those that were expired when they came', async () => {
    const tokens: Adapter = createStore(new VirtualClock())('ClientCredentials');
    const ids = Array.from({ length: 20_000 }, (_, n) => `t${n}`);
    const isGood = (id: string): boolean => id.endsWith('0');
    for (const id of ids) await tokens.upsert(id, payload(id), isGood(id) ? 60 : -1);
    const found: string[] = [];
    for (const id of ids) if ((await tokens.find(id)) !== undefined) found.push(id);
    expect(found).toEqual(ids.filter(isGood));
  });
});
