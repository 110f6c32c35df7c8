/**
 * @module The reading side of a socket. Plain sockets read into one piece of memory that all of them share, instead of into a new one each
 * time. Between asking for memory and reading into it libuv does nothing else on POSIX; on Windows a pending read holds its memory.
 */
import { connect, Socket, type SocketConstructorOpts, type TcpNetConnectOpts } from 'node:net';

/** Takes the first `count` bytes of `bytes`, which are overwritten after the call. */
type TakeBytes = (bytes: Buffer, count: number) => void;

/** A socket, and what comes over it. */
export interface Intake {
  readonly socket: Socket;
  /** Called for what comes; to be set before anything can have come. */
  take: TakeBytes;
}

const SHARES = process.platform !== 'win32';
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

/** Begins to connect over TCP. */
export function connectIntake(options: TcpNetConnectOpts): Intake {
  if (!SHARES) return streamIntake(connect(options));
  return sharingIntake((onread) => connect({ ...options, onread }));
}

/**
 * Takes over a socket that a server has accepted, and paused. Node lets only the maker of a socket say where it reads to, so another one is made
 * for its handle, as between processes. `handle` is no documented option: without a handle the accepted socket itself is read.
 */
export function acceptIntake(accepted: Socket): Intake {
  const detached = accepted as unknown as { _handle?: object | null };
  const handle = detached._handle;
  if (!SHARES || handle === undefined || handle === null) {
    const intake = streamIntake(accepted);
    accepted.resume();
    return intake;
  }
  detached._handle = null;
  const intake = sharingIntake((onread) => new Socket({ handle, onread } as SocketConstructorOpts));
  // The server counts the sockets that it accepted.
  intake.socket.once('close', () => accepted.destroy());
  return intake;
}

/** Of a socket that brings its own memory, such as one of TLS. */
export function streamIntake(socket: Socket): Intake {
  const intake: Intake = { socket, take: NOTHING };
  socket.on('data', (chunk: Buffer) => intake.take(chunk, chunk.length));
  return intake;
}

function sharingIntake(make: (onread: NonNullable<TcpNetConnectOpts['onread']>) => Socket): Intake {
  const callback = (count: number): boolean => {
    intake.take(SHARED, count);
    return true;
  };
  const intake: Intake = { socket: make({ buffer: SHARED, callback }), take: NOTHING };
  return intake;
}

const NOTHING: TakeBytes = () => {};
