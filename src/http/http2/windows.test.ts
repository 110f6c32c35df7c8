import { describe, expect, it } from 'vitest';
import { MOST_WINDOW_BYTES } from './frame.ts';
import { ReceiveWindow, SendWindow } from './windows.ts';

describe('SendWindow', () => {
  it('begins with 65,535 bytes, shrinks by what is sent and grows by what the peer says', () => {
    const window = new SendWindow();
    window.spend(65_535);
    expect([window.available, window.grow(10), window.available]).toEqual([0, undefined, 10]);
  });

  it('can be below zero after the peer made its windows smaller', () => {
    const window = new SendWindow(100);
    window.spend(80);
    expect([window.adjust(-50), window.available]).toEqual([undefined, -30]);
    expect([window.grow(31), window.available]).toEqual([undefined, 1]);
  });

  it('has a fault for an increment of zero, and beyond 2^31-1', () => {
    const window = new SendWindow(1);
    expect(window.grow(0)).toBe('window-zero');
    expect(window.grow(MOST_WINDOW_BYTES - 1)).toBe(undefined);
    expect(window.grow(1)).toBe('window-overflow');
    expect(new SendWindow(MOST_WINDOW_BYTES).adjust(1)).toBe('window-overflow');
  });
});

describe('ReceiveWindow', () => {
  it('announces what was used once that is half of it', () => {
    const window = new ReceiveWindow(100);
    expect([window.receive(49), window.due()]).toEqual([undefined, 0]);
    expect([window.receive(1), window.due(), window.due()]).toEqual([undefined, 50, 0]);
    expect(window.receive(100)).toBe(undefined);
  });

  it('has a fault for more than was announced', () => {
    const window = new ReceiveWindow(100);
    window.receive(100);
    expect(window.receive(1)).toBe('window-exceeded');
    window.clear();
    expect(window.receive(100)).toBe(undefined);
  });
});
