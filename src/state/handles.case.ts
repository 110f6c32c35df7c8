/** @module What handles of every kind do. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VirtualClock } from '../units/virtual-clock.ts';
import type { Handles } from './handles.ts';

/** Handles to be tested, on a virtual clock; they are good for {@link TTL}. */
export interface HandleBed {
  readonly handles: Handles;
  readonly clock: VirtualClock;
  /** Whether a handle that was revoked or replaced is refused before its time is over. */
  readonly revokes: boolean;
}

export const TTL = 60_000;
const OWNER = 'support\nagent-7';

/** Runs the suite over the handles that `start` makes. */
export function describeHandles(name: string, start: () => Promise<HandleBed>): void {
  describe(`${name} handles`, () => {
    let bed: HandleBed;
    beforeEach(async () => {
      bed = await start();
    });

    it('give back what was kept, whatever it is', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), async (value, owner) => {
          const handle = await bed.handles.create(value, owner);
          expect(await bed.handles.read(handle, owner)).toBe(value);
        }),
        { numRuns: 30 },
      );
    });

    it('never give the same handle twice, nor one that needs an escape', async () => {
      const made = await Promise.all(Array.from({ length: 50 }, (_, n) => bed.handles.create(`${n}`, OWNER)));
      expect(new Set(made).size).toBe(50);
      for (const handle of made) expect(handle).toMatch(/^[\w.-]+$/);
    });

    it('change', async () => {
      const first = await bed.handles.create('a', OWNER);
      const changed = await bed.handles.change(first, OWNER, (value) => `${value}b`);
      expect(changed?.value).toBe('ab');
      const again = await bed.handles.change(changed!.handle, OWNER, (value) => `${value}c`);
      expect(await bed.handles.read(again!.handle, OWNER)).toBe('abc');
    });

    it('are over when their time is, which a change begins anew', async () => {
      const left = await bed.handles.create('a', OWNER);
      const kept = await bed.handles.create('a', OWNER);
      bed.clock.advance((TTL - 1) * 1000);
      const renewed = await bed.handles.change(kept, OWNER, (value) => value);
      expect(await bed.handles.read(left, OWNER)).toBe('a');
      bed.clock.advance(2000);
      expect(await bed.handles.read(left, OWNER)).toBeUndefined();
      expect(await bed.handles.change(left, OWNER, (value) => value)).toBeUndefined();
      expect(await bed.handles.revoke(left, OWNER)).toBe(false);
      expect(await bed.handles.read(renewed!.handle, OWNER)).toBe('a');
    });

    it('are refused to anybody but their owner, as an unknown one is', async () => {
      const handle = await bed.handles.create('a', OWNER);
      for (const other of ['', 'support\nagent-8', `${OWNER}a`, OWNER.slice(0, -1)]) {
        expect(await bed.handles.read(handle, other)).toBeUndefined();
        expect(await bed.handles.change(handle, other, () => 'stolen')).toBeUndefined();
        expect(await bed.handles.revoke(handle, other)).toBe(false);
      }
      expect(await bed.handles.read(handle, OWNER)).toBe('a');
    });

    it('are refused when they are not exactly what was given out', async () => {
      const handle = await bed.handles.create('{"items":["apple","pear"]}', OWNER);
      for (let at = 0; at < handle.length; at += 1) {
        for (const flip of [1, 2, 4, 8, 16, 32, 64]) {
          const code = String.fromCharCode(handle.charCodeAt(at) ^ flip);
          const tampered = handle.slice(0, at) + code + handle.slice(at + 1);
          expect(await bed.handles.read(tampered, OWNER), tampered).toBeUndefined();
        }
      }
      const others = [
        '',
        '.',
        '..',
        '0..',
        `${handle}A`,
        `${handle}.`,
        `${handle}=`,
        handle.slice(0, -1),
        ` ${handle}`,
      ];
      for (const other of [...others, 'x'.repeat(100_000)]) {
        expect(await bed.handles.read(other, OWNER), other).toBeUndefined();
      }
    });

    it('are refused once they are revoked, where their kind can do that', async () => {
      const handle = await bed.handles.create('a', OWNER);
      expect(await bed.handles.revoke(handle, OWNER)).toBe(true);
      expect(await bed.handles.read(handle, OWNER)).toBe(bed.revokes ? undefined : 'a');
      expect(await bed.handles.revoke(handle, OWNER)).toBe(!bed.revokes);
    });
  });
}
