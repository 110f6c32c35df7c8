import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DirectWriter } from './direct-writer.ts';
import { NO_BINDINGS, socketPairs, withBinding } from './socket-pair.case.ts';

const pair = socketPairs();

/** The first `count` bytes that come to the far end. */
async function received(count: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of pair.far as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length >= count) break;
  }
  return Buffer.concat(pieces);
}

/** Writes `piece` until the kernel takes no more. Returns how often. */
function fill(writer: DirectWriter, piece: Buffer): number {
  let pieces = 0;
  for (; !writer.waiting; pieces += 1) expect(writer.write(piece)).toBe(true);
  return pieces;
}

const codeOf = async (socket: Socket): Promise<unknown> => {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code;
};

describe('a direct writer', () => {
  it('writes what the kernel takes at once, so that its memory can be used again', async () => {
    const writer = DirectWriter.of(pair.near)!;
    const piece = Buffer.alloc(5);
    for (let i = 0; i < 100; i += 1) {
      piece.write(`${10_000 + i}`);
      expect(writer.write(piece)).toBe(true);
      expect(writer.waiting).toBe(false);
    }
    expect(pair.near.bytesWritten).toBe(500);
    const all = Array.from({ length: 100 }, (_, i) => 10_000 + i).join('');
    expect((await received(500)).toString()).toBe(all);
  });

  it('keeps the order when the kernel is full, and goes on when it is not', async () => {
    const writer = DirectWriter.of(pair.near)!;
    const piece = Buffer.alloc(50_000, 'a');
    const pieces = fill(writer, piece);
    expect(writer.write(piece)).toBe(false);
    const sent = new Promise((resolve) => pair.near.write('behind', resolve));
    const count = pieces * piece.length + 6;
    const [got] = await Promise.all([received(count), sent]);
    expect(got.length).toBe(count);
    expect(got.subarray(0, -6).every((byte) => byte === 0x61)).toBe(true);
    expect(got.subarray(-6).toString()).toBe('behind');
    expect(writer.waiting).toBe(false);
    expect(writer.write(piece)).toBe(true);
  });

  it('leaves it to the stream while the stream has bytes of its own', () => {
    const writer = DirectWriter.of(pair.near)!;
    while (pair.near.writableLength === 0) pair.near.write(Buffer.alloc(50_000));
    expect(writer.write(Buffer.from('before'))).toBe(false);
  });

  it.each([
    ['directly', (writer: DirectWriter) => writer.write(Buffer.from('x'))],
    ['by the stream', () => pair.near.write('x')],
  ])('ends the socket with EPIPE once its end is shut, %s', async (_, write) => {
    const writer = DirectWriter.of(pair.near)!;
    const handle = (pair.near as unknown as { _handle: { shutdown(request: object): number } })._handle;
    const { ShutdownWrap } = (
      process as unknown as { binding(name: string): { ShutdownWrap: new () => object } }
    ).binding('stream_wrap');
    const shut = new Promise((resolve) => {
      handle.shutdown(Object.assign(new ShutdownWrap(), { oncomplete: resolve }));
    });
    await shut;
    write(writer);
    expect(await codeOf(pair.near)).toBe('EPIPE');
    expect(pair.near.destroyed).toBe(true);
    expect(writer.waiting).toBe(false);
    expect(writer.write(Buffer.from('x'))).toBe(false);
  });

  it('ends the socket with ECONNRESET when that happens while bytes wait', async () => {
    const writer = DirectWriter.of(pair.near)!;
    fill(writer, Buffer.alloc(50_000));
    pair.near.pause();
    pair.far.resetAndDestroy();
    expect(await codeOf(pair.near)).toBe('ECONNRESET');
    expect(writer.write(Buffer.from('x'))).toBe(false);
  });

  it('forgets what waits when the socket is closed', async () => {
    const writer = DirectWriter.of(pair.near)!;
    fill(writer, Buffer.alloc(50_000));
    pair.near.destroy();
    await once(pair.near, 'close');
    expect(pair.near.errored).toBeNull();
    expect(writer.write(Buffer.from('x'))).toBe(false);
  });

  it.each(NO_BINDINGS)('does not exist where the binding %s', async (_, binding) => {
    const module = await withBinding(binding, () => import('./direct-writer.ts'));
    expect(module.DirectWriter.of(pair.near)).toBeUndefined();
  });
});
