import { describe, expect, it } from 'vitest';
import { LogTail } from './log-tail.ts';

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');

describe('the tail of a log', () => {
  it('is the whole log while it is short', () => {
    const tail = new LogTail();
    tail.add(Buffer.from('one\ntw'));
    tail.add(Buffer.from('o\n'));
    expect(tail.text()).toBe('one\ntwo');
  });

  it('keeps the last 40 lines', () => {
    const tail = new LogTail();
    tail.add(Buffer.from(lines(100)));
    expect(tail.text().split('\n')).toHaveLength(40);
    expect(tail.text().endsWith('line 99')).toBe(true);
  });

  it.each([1, 1000, 100_000])('keeps 16 KB of one endless line that comes in chunks of %i bytes', (size) => {
    const tail = new LogTail();
    for (let sent = 0; sent < 200_000; sent += size) tail.add(Buffer.alloc(size, 'x'));
    tail.add(Buffer.from('end'));
    expect(Buffer.byteLength(tail.text())).toBe(16 * 1024);
    expect(tail.text().endsWith('xend')).toBe(true);
  });
});
