import { describe, expect, it } from 'vitest';
import type { Identity } from '../../guard/guard.ts';
import { MemoryStore } from '../../state/memory-store.ts';
import type { OpenHandles } from '../../state/open-handles.ts';
import { StoredHandles } from '../../state/stored-handles.ts';
import type { After } from '../../units/clock.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { SharedSessions } from './shared-sessions.ts';

const TTL = 60_000;
const clock = new VirtualClock();
const later: After = (delay, wake) => clock.at(clock.now() + delay, wake);

/** Two instances with one store, and how often that store was written to. */
function twoInstances() {
  const store = new MemoryStore(clock);
  let writes = 0;
  const counting = Object.assign(Object.create(store) as MemoryStore, {
    get: (key: string) => store.get(key),
    set: (...args: Parameters<MemoryStore['set']>) => store.set(...args),
    remove: (key: string) => store.remove(key),
    replace(...args: Parameters<MemoryStore['replace']>) {
      writes += 1;
      return store.replace(...args);
    },
  });
  const handles = (): OpenHandles =>
    Object.assign(new StoredHandles({ store: counting, ttlMs: TTL, place: 'session' }), {
      close: async () => {},
    });
  const sessions = () => new SharedSessions(handles(), TTL, clock, later);
  return { one: sessions(), two: sessions(), renewals: () => writes };
}

const passMs = (ms: number): void => clock.advance(ms * 1000);

const IDENTITY: Identity = {
  client: 'support',
  actor: 'agent-1',
  scopes: new Set(),
  tokenHash: '0'.repeat(16),
};

/** What has happened to `promise` when everything that was due has run. */
async function stateOf(promise: Promise<void>): Promise<'open' | 'ended'> {
  let state: 'open' | 'ended' = 'open';
  void promise.then(() => {
    state = 'ended';
  });
  await new Promise((resolve) => setImmediate(resolve));
  return state;
}

describe('sessions in a shared store', () => {
  it('are known to each instance, until one of them ends them', async () => {
    const { one, two } = twoInstances();
    const [first, second] = [await one.open(undefined), await one.open(undefined)];
    expect(await two.has(first, undefined)).toBe(true);
    await two.end(first, undefined);
    expect([await one.has(first, undefined), await two.has(first, undefined)]).toEqual([false, false]);
    expect([await one.has(second, undefined), await two.has('none', undefined)]).toEqual([true, false]);
  });

  it('belong to the client and user that opened them, whatever token these send', async () => {
    const { one, two } = twoInstances();
    const id = await one.open(IDENTITY);
    expect(await two.has(id, { ...IDENTITY, tokenHash: '1'.repeat(16) })).toBe(true);
    for (const other of [{ ...IDENTITY, actor: 'agent-2' }, { ...IDENTITY, client: 'x' }, undefined]) {
      expect(await two.has(id, other)).toBe(false);
      await two.end(id, other);
    }
    expect(await one.has(id, IDENTITY)).toBe(true);
  });

  it('go on while they are used, and end when they were not used for their lifetime', async () => {
    const { one, two, renewals } = twoInstances();
    const [used, idle] = [await one.open(undefined), await one.open(undefined)];
    for (let third = 0; third < 9; third += 1) {
      passMs(TTL / 3);
      expect(await two.has(used, undefined)).toBe(true);
    }
    expect(await two.has(idle, undefined)).toBe(false);
    passMs(TTL);
    expect(await two.has(used, undefined)).toBe(false);
    // Each second look-up comes after half of the lifetime.
    expect(renewals()).toBe(4);
  });

  it('are read and not written by look-ups in the first half of their lifetime', async () => {
    const { one, two, renewals } = twoInstances();
    const id = await one.open(undefined);
    for (let n = 0; n < 100; n += 1) await two.has(id, undefined);
    expect(renewals()).toBe(0);
  });

  it('end their streams at once in the instance that ends them, and soon in the others', async () => {
    const { one, two } = twoInstances();
    const id = await one.open(undefined);
    const [here, there] = [one.ended(id, undefined), two.ended(id, undefined)];
    passMs(1000);
    expect([await stateOf(here), await stateOf(there)]).toEqual(['open', 'open']);
    await one.end(id, undefined);
    expect([await stateOf(here), await stateOf(there)]).toEqual(['ended', 'open']);
    passMs(250);
    expect(await stateOf(there)).toBe('ended');
  });

  it('are not kept alive by their streams, which end with them', async () => {
    const { one } = twoInstances();
    const stream = one.ended(await one.open(undefined), undefined);
    for (let passed = 0; passed <= TTL; passed += 250) {
      passMs(250);
      await stateOf(stream);
    }
    expect(await stateOf(stream)).toBe('ended');
  });

  it('stay when an instance closes, which ends its streams', async () => {
    const { one, two } = twoInstances();
    const id = await one.open(undefined);
    const stream = one.ended(id, undefined);
    await one.close();
    expect(await stateOf(stream)).toBe('ended');
    expect(await two.has(id, undefined)).toBe(true);
  });
});
