/** @module Node's binding to libuv's streams, for sockets that are read and written past the stream that Node puts around them (docs/decisions/0029-direct-writes.md). */

/** A write under way. One that the kernel took at once leaves it unused. */
export interface WriteRequest {
  /** libuv does not keep the bytes alive. */
  buffer?: Uint8Array;
  /** `status`: 0, or the negated error number. */
  oncomplete?: (status: number) => void;
}

/** The binding, as far as it is used here. */
export interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  /** Tells about the latest read and the latest write, at the two indices below. */
  readonly streamBaseState: Int32Array;
  /** Number of bytes, or a negated error number. */
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

/** The binding; undefined where Node does not offer all of it. */
export const STREAM_BINDING: StreamBinding | undefined = streamBinding();

function streamBinding(): StreamBinding | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => Partial<StreamBinding> };
  try {
    const { WriteWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } =
      binding?.('stream_wrap') ?? {};
    const lacks = [WriteWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync].includes(undefined);
    if (lacks) return undefined;
    return { WriteWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } as StreamBinding;
  } catch {
    // Under the permission model of Node there is none.
    return undefined;
  }
}
