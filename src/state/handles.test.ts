import { describe, expect, it } from 'vitest';
import { completeState, State } from '../profile/section/state.ts';
import { VirtualClock } from '../units/virtual-clock.ts';
import { createSeal } from './create-seal.ts';
import { describeHandles, type HandleBed, TTL } from './handles.case.ts';
import { MemoryStore } from './memory-store.ts';
import { openHandles } from './open-handles.ts';
import { SignedHandles } from './signed-handles.ts';
import { SigningKeys } from './signing-keys.ts';
import { StoredHandles } from './stored-handles.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64url');
const OTHER_SECRET = Buffer.alloc(32, 8).toString('base64url');

const bedOf = (): Omit<HandleBed, 'handles'> => ({ clock: new VirtualClock(), revokes: true });

const settingsOf = (given: Record<string, unknown>) => completeState(State.parse({ ttl: '1m', ...given }));

describe.each(['memory', 'node-encoded', 'signed'])('kind %s', (kind) => {
  describeHandles(kind, async () => {
    const bed = bedOf();
    const input = { settings: settingsOf({ kind }), store: { kind: 'memory' }, secret: SECRET } as const;
    const handles = await openHandles(input, '2', bed.clock);
    return { ...bed, handles, revokes: kind !== 'signed' };
  });
});

describeHandles('stored', async () => {
  const bed = bedOf();
  const { clock } = bed;
  return { ...bed, handles: new StoredHandles({ store: new MemoryStore(clock), ttlMs: TTL }) };
});

describe.each(['hmac', 'jwe'] as const)('protected by %s', (protect) => {
  const signed = async (revoked: boolean, secret = SECRET, rotateMs?: number, bed = bedOf()) => {
    const { clock } = bed;
    const keys = new SigningKeys({ secret, purpose: 'handle', ttlMs: TTL, rotateMs, clock });
    const seal = await createSeal(protect, keys);
    const store = revoked ? new MemoryStore(clock) : undefined;
    const handles = new SignedHandles({ seal, ttlMs: TTL, clock, revoked: store });
    return { ...bed, handles, revokes: revoked };
  };

  describeHandles('signed', () => signed(false));
  describeHandles('signed, with a list of revoked ones,', () => signed(true));
  describeHandles('signed, with keys that change,', () => signed(false, SECRET, 1000));

  it('are known to whoever has the key, and to nobody else', async () => {
    const [first, second, other] = [
      await signed(false),
      await signed(false),
      await signed(false, OTHER_SECRET),
    ];
    const handle = await first.handles.create('a', 'owner');
    expect(await second.handles.read(handle, 'owner')).toBe('a');
    expect(await other.handles.read(handle, 'owner')).toBeUndefined();
  });

  it('outlive the key that signed them until their own time is over', async () => {
    const { handles, clock } = await signed(false, SECRET, TTL / 3);
    const made = await handles.create('a', '');
    for (let third = 0; third < 2; third += 1) {
      clock.advance((TTL / 3) * 1000);
      expect(await handles.read(made, '')).toBe('a');
    }
    clock.advance((TTL / 3) * 1000);
    expect(await handles.read(made, '')).toBeUndefined();
  });

  it('refuse the one before a change where they list what is revoked, so that no change is lost', async () => {
    const { handles } = await signed(true);
    const made = await handles.create('a', '');
    const both = await Promise.all(
      ['b', 'c'].map((more) => handles.change(made, '', (value) => value + more)),
    );
    expect(both.filter((changed) => changed !== undefined)).toHaveLength(1);
    expect(await handles.read(made, '')).toBeUndefined();
  });
});

describe('keys that change', () => {
  const keysOn = (clock: VirtualClock) =>
    new SigningKeys({ secret: SECRET, purpose: 'test', ttlMs: TTL, rotateMs: 10_000, clock });

  it('verify as long as what they signed last is good, and no longer', () => {
    const clock = new VirtualClock();
    const first = keysOn(clock).current();
    clock.advance((TTL + 9999) * 1000);
    expect(keysOn(clock).verifying(first.id)?.bytes).toEqual(first.bytes);
    clock.advance(1000 * 1000);
    expect(keysOn(clock).verifying(first.id)).toBeUndefined();
  });

  it.each(['', '-1', '2', '00', '1e0', 'x', '9'.repeat(400)])('have no key of the id %j', (id) => {
    expect(keysOn(new VirtualClock()).verifying(id)).toBeUndefined();
  });
});

describe('an instance', () => {
  const open = (kind: string, instance: string) =>
    openHandles({ settings: settingsOf({ kind }), store: { kind: 'memory' }, secret: SECRET }, instance);

  it.each(['memory', 'node-encoded'])('refuses what another one has made with the kind %s', async (kind) => {
    const [one, two] = [await open(kind, '1'), await open(kind, '2')];
    expect(await two.read(await one.create('a', ''), '')).toBeUndefined();
  });

  it('is named by its own handles alone where the kind is node-encoded', async () => {
    expect(await (await open('node-encoded', '12')).create('a', '')).toMatch(/^12\.[\w-]{22}$/);
  });
});

it('two that change a stored value at once both do', async () => {
  const handles = new StoredHandles({ store: new MemoryStore(), ttlMs: TTL });
  const made = await handles.create('', '');
  await Promise.all(Array.from({ length: 20 }, () => handles.change(made, '', (value) => `${value}x`)));
  expect(await handles.read(made, '')).toBe('x'.repeat(20));
});
