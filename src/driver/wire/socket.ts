/** @module Sockets that read into reused memory. */
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../endpoint.ts';

const READ_BYTES = 64 * 1024;

/** Begins a TLS record that is an alert (RFC 8446, sections 5.1 and 6): content type 21, then the version, 3. */
const ALERT = 0x15;

/** The callbacks of a socket, until it is closed. */
export interface SocketListener {
  /** The connection is up, for TLS with an accepted certificate. */
  onReady(): void;
  /** The first `count` bytes of `bytes` arrived. They are overwritten after the call. */
  onRead(bytes: Buffer, count: number): void;
  /** The connection has ended: by the other side (`undefined`) or by a fault. Called at most once, and last. */
  onEnd(error: Error | undefined): void;
}

/** Opens sockets to one endpoint. */
export class SocketOpener {
  readonly #endpoint: Endpoint;
  /**
   * Between asking for memory and reading into it libuv does nothing else on POSIX, so plain connections share one buffer. On
   * Windows a pending read holds its memory, and TLS decrypts into it later.
   */
  readonly #shared: Buffer | undefined;
  /** The latest TLS session, so that re-opening is as cheap as for clients that resume. */
  #session: Buffer | undefined = undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    const sharing = !endpoint.secure && process.platform !== 'win32';
    this.#shared = sharing ? Buffer.allocUnsafeSlow(READ_BYTES) : undefined;
  }

  /** Starts to connect. `readBytes`: memory for one read, where it is not shared. */
  open(listener: SocketListener, readBytes: number): WireSocket {
    const { hostname, port, secure } = this.#endpoint;
    const buffer = this.#shared ?? Buffer.allocUnsafeSlow(readBytes);
    const opened = new WireSocket(listener, secure);
    const callback = (count: number): boolean => {
      opened.read(buffer, count);
      return true;
    };
    const options = { host: hostname, port, noDelay: true, onread: { buffer, callback } };
    const ready = (): void => opened.ready();
    opened.attach(secure ? this.#secure(options, ready) : connect(options, ready));
    return opened;
  }

  #secure(options: TcpNetConnectOpts, ready: () => void): Socket {
    const session = this.#session === undefined ? {} : { session: this.#session };
    const all = { ...options, ...this.#endpoint.tls, ...session, ALPNProtocols: ['http/1.1'] };
    const keep = (latest: Buffer): void => {
      this.#session = latest;
    };
    const socket = connectTls(all, () => {
      // Only now has the certificate been accepted; that of a resumed session is not verified again.
      const early = socket.getProtocol() === 'TLSv1.3' ? undefined : socket.getSession();
      if (early !== undefined) keep(early);
      socket.on('session', keep);
      ready();
    });
    return socket;
  }
}

/** One socket. It is closed once, by either side, and its listener is not called after that. */
export class WireSocket {
  readonly #listener: SocketListener;
  #socket: Socket | undefined = undefined;
  #open = true;
  /** Nothing has come yet over a connection without TLS. */
  #untried: boolean;

  constructor(listener: SocketListener, secure: boolean) {
    this.#listener = listener;
    this.#untried = !secure;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => this.#end(error));
    socket.on('end', () => this.#end(undefined));
    socket.on('close', () => this.#end(undefined));
  }

  /**
   * Sends `data`, text as one byte a character. Returns whether the kernel has taken all of it, so that its memory can be reused; if not,
   * it can be when `onSent` is called, which a fault prevents.
   */
  write(data: Buffer | string, onSent?: () => void): boolean {
    const socket = this.#socket!;
    if (onSent === undefined) socket.write(data, 'latin1');
    else socket.write(data, 'latin1', (error) => error ?? onSent());
    return socket.writableLength === 0;
  }

  close(): void {
    this.#open = false;
    this.#socket!.destroy();
  }

  ready(): void {
    if (this.#open) this.#listener.onReady();
  }

  read(bytes: Buffer, count: number): void {
    if (!this.#open) return;
    if (this.#untried) {
      this.#untried = false;
      if (bytes[0] === ALERT && (count === 1 || bytes[1] === 3)) {
        this.#end(speaksTls());
        return;
      }
    }
    this.#listener.onRead(bytes, count);
  }

  #end(error: Error | undefined): void {
    if (!this.#open) return;
    this.close();
    this.#listener.onEnd(error);
  }
}

/** A server that answers plain HTTP with a TLS alert. */
const speaksTls = (): Error =>
  Object.assign(
    new Error('the server answered with a TLS alert, so it speaks TLS: use a URL that begins with https://'),
    {
      code: 'ERR_TLS_ALERT',
    },
  );
