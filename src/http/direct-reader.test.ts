import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readDirectly } from './direct-reader.ts';
import { NO_BINDINGS, socketPairs, withBinding } from './socket-pair.case.ts';

const buffer = Buffer.allocUnsafeSlow(4096);
let byStream = '';
const pair = socketPairs({
  onread: {
    buffer,
    callback: (count) => {
      byStream += buffer.toString('latin1', 0, count);
      return true;
    },
  },
});

/** What has come past the stream, and a promise for when it is `length` long. */
function readAll(length: number): { text: string; readonly whole: Promise<void> } {
  byStream = '';
  let done = (): void => {};
  const read = { text: '', whole: new Promise<void>((resolve) => (done = resolve)) };
  const direct = readDirectly(pair.near, (count) => {
    read.text += buffer.toString('latin1', 0, count);
    if (read.text.length >= length) done();
  });
  expect(direct).toBe(true);
  return read;
}

describe('reading directly', () => {
  it('gives what comes, in order, and the stream nothing', async () => {
    const sent = Array.from({ length: 5000 }, (_, i) => `${i}`).join(' ');
    const read = readAll(sent.length);
    pair.far.write(sent);
    await read.whole;
    expect(read.text).toBe(sent);
    expect(byStream).toBe('');
    expect(pair.near.bytesRead).toBe(sent.length);
  });

  it('leaves the end to the stream', async () => {
    const read = readAll(4);
    const ended = once(pair.near, 'end');
    pair.far.end('last');
    await ended;
    expect(read.text).toBe('last');
  });

  it('leaves faults to the stream', async () => {
    readAll(1);
    pair.far.resetAndDestroy();
    const [error] = (await once(pair.near, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
  });

  it('gives nothing while the socket is paused, and goes on after that', async () => {
    const read = readAll(1);
    pair.near.pause();
    pair.far.write('x');
    await new Promise<void>((resolve) => pair.far.end(resolve));
    expect(read.text).toBe('');
    pair.near.resume();
    await read.whole;
    expect(read.text).toBe('x');
  });

  it('gives nothing of a socket that is destroyed while it reads', async () => {
    let reads = 0;
    readDirectly(pair.near, () => {
      reads += 1;
      pair.near.destroy();
    });
    const closed = once(pair.near, 'close');
    pair.far.write(Buffer.alloc(20_000));
    await closed;
    expect(reads).toBe(1);
  });

  it.each(NO_BINDINGS)('does nothing where the binding %s', async (_, binding) => {
    const module = await withBinding(binding, () => import('./direct-reader.ts'));
    expect(module.readDirectly(pair.near, () => {})).toBe(false);
    const read = once(pair.near, 'end');
    pair.far.end('by the stream');
    byStream = '';
    await read;
    expect(byStream).toBe('by the stream');
  });
});
