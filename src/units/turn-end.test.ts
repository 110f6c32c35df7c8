import { describe, expect, it } from 'vitest';
import { atTurnsEnd } from './turn-end.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work for the end of a turn', () => {
  it('runs in order, once, and not before the turn ends', async () => {
    const done: string[] = [];
    atTurnsEnd(() => done.push('first'));
    atTurnsEnd(() => done.push('second'));
    await Promise.resolve();
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(['first', 'second']);
    await turn();
    expect(done).toEqual(['first', 'second']);
  });

  it('runs in the same turn when other work adds it', async () => {
    const done: string[] = [];
    atTurnsEnd(() => {
      done.push('outer');
      atTurnsEnd(() => done.push('inner'));
    });
    atTurnsEnd(() => done.push('next'));
    await turn();
    expect(done).toEqual(['outer', 'next', 'inner']);
  });

  it('runs although other work before it fails', async () => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const faults: unknown[] = [];
    process.once('uncaughtException', (fault) => faults.push(fault));
    const done: string[] = [];
    try {
      atTurnsEnd(() => {
        throw new Error('of this work alone');
      });
      atTurnsEnd(() => done.push('after'));
      await turn();
      await turn();
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
    expect(faults).toEqual([new Error('of this work alone')]);
    expect(done).toEqual(['after']);
  });
});
