/** @module Sockets that read into reused memory. */
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { ALPN_NAMES } from '../../http/alpn.ts';
import { readDirectly } from '../../http/direct-reader.ts';
import { DirectWriter } from '../../http/direct-writer.ts';
import type { HttpVersion } from '../../profile/kinds.ts';
import type { Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { DriverOptions, OpenedConnection } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { noCommonVersion, otherVersion, speaksTls } from './versions.ts';

const READ_BYTES = 64 * 1024;

/** Begins a TLS record that is an alert (RFC 8446, sections 5.1 and 6): content type 21, then the version, 3. */
const ALERT = 0x15;

/** The callbacks of a socket, until it is closed. */
export interface SocketListener {
  /** The connection is up, for TLS with an accepted certificate. It speaks `http`, one of the versions that were offered. */
  onReady(http: HttpVersion): void;
  /** The first `count` bytes of `bytes` arrived. They are overwritten after the call. */
  onRead(bytes: Buffer, count: number): void;
  /** The connection has ended: by the other side (`undefined`) or by a fault. Called at most once, and last. */
  onEnd(error: Error | undefined): void;
}

/** How to open a socket. */
export interface Opening {
  /** Memory for one read, where it is not shared. */
  readonly readBytes: number;
  /** Versions of HTTP that may be spoken, the preferred one first: TLS offers them (ALPN), without TLS it is the first. */
  readonly versions: readonly [HttpVersion, ...HttpVersion[]];
  /** Told what opening took, before the listener learns that the socket is ready. */
  readonly onOpened?: DriverOptions['onConnection'];
}

/** Opens sockets to one endpoint. */
export class SocketOpener {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  /**
   * Between asking for memory and reading into it libuv does nothing else on POSIX, so plain connections share one buffer. On
   * Windows a pending read holds its memory, and TLS decrypts into it later.
   */
  readonly #shared: Buffer | undefined;
  /** With a context that is made once: otherwise Node makes one for each connection, and loads the known authorities into it. */
  readonly #tls: ConnectionOptions;
  /** Whether a new connection may resume the session of an earlier one. */
  readonly #resume: boolean;
  /** The latest TLS session, so that re-opening is as cheap as for clients that resume. */
  #session: Buffer | undefined = undefined;

  constructor(endpoint: Endpoint, { clock, tls }: Pick<DriverOptions, 'clock' | 'tls'>) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#resume = tls.resume ?? true;
    this.#tls = endpoint.secure ? { secureContext: createSecureContext(), ...endpoint.tls } : {};
    const sharing = !endpoint.secure && process.platform !== 'win32';
    this.#shared = sharing ? Buffer.allocUnsafeSlow(READ_BYTES) : undefined;
  }

  /** Starts to connect. */
  open(listener: SocketListener, opening: Opening): WireSocket {
    const { hostname, port, secure } = this.#endpoint;
    const buffer = this.#shared ?? Buffer.allocUnsafeSlow(opening.readBytes);
    const opened = new WireSocket(listener, opening, secure, this.#clock);
    const take = (count: number): void => opened.read(buffer, count);
    const callback = (count: number): boolean => {
      take(count);
      return true;
    };
    const options = { host: hostname, port, noDelay: true, onread: { buffer, callback } };
    if (secure) this.#secure(options, opened);
    else {
      const socket = connect(options, () => {
        readDirectly(socket, take);
        opened.ready(opening.versions[0]);
      });
      opened.attach(socket);
    }
    return opened;
  }

  #secure(options: TcpNetConnectOpts, opened: WireSocket): void {
    const session = this.#session === undefined ? {} : { session: this.#session };
    const ALPNProtocols = opened.opening.versions.map((version) => ALPN_NAMES[version]);
    const all = { ...options, ...this.#tls, ...session, ALPNProtocols };
    const socket = connectTls(all, () => {
      if (this.#resume) this.#keepSessions(socket);
      opened.secured(socket);
    });
    opened.attach(socket);
  }

  /** Only once the certificate has been accepted: that of a resumed session is not verified again. */
  #keepSessions(socket: TLSSocket): void {
    const keep = (latest: Buffer): void => {
      this.#session = latest;
    };
    const early = socket.getProtocol() === 'TLSv1.3' ? undefined : socket.getSession();
    if (early !== undefined) keep(early);
    socket.on('session', keep);
  }
}

/** One socket. It is closed once, by either side, and its listener is not called after that. */
export class WireSocket {
  readonly opening: Opening;
  #listener: SocketListener;
  readonly #clock: Clock;
  readonly #fromUs: Micros;
  #connectedUs: Micros = 0;
  #socket: Socket | undefined = undefined;
  /** Of a connection without TLS. */
  #direct: DirectWriter | undefined = undefined;
  #open = true;
  /** Nothing has come yet over a connection without TLS. */
  #untried: boolean;

  constructor(listener: SocketListener, opening: Opening, secure: boolean, clock: Clock) {
    this.#listener = listener;
    this.opening = opening;
    this.#untried = !secure;
    this.#clock = clock;
    this.#fromUs = clock.now();
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('connect', () => {
      this.#connectedUs = this.#clock.now();
    });
    socket.on('error', (error) => this.#end(noCommonVersion(error, this.opening.versions)));
    socket.on('end', () => this.#end(undefined));
    socket.on('close', () => this.#end(undefined));
  }

  /** Hands the socket, which is open, to another listener. */
  handTo(listener: SocketListener): void {
    this.#listener = listener;
  }

  /**
   * Sends `data`, text as one byte a character. Returns whether the kernel has taken all of it, so that its memory can be reused; if not,
   * it can be when `onSent` is called, which a fault prevents.
   */
  write(data: Buffer | string, onSent?: () => void): boolean {
    const socket = this.#socket!;
    if (onSent !== undefined) socket.write(data, 'latin1', (error) => error ?? onSent());
    else if (typeof data === 'string' || !this.#direct?.write(data)) socket.write(data, 'latin1');
    return this.drained;
  }

  /** Whether the kernel has taken everything that was sent. */
  get drained(): boolean {
    return this.#direct?.waiting !== true && this.#socket!.writableLength === 0;
  }

  close(): void {
    this.#open = false;
    this.#socket!.destroy();
  }

  /** The connection is up, without TLS. */
  ready(http: HttpVersion): void {
    if (!this.#open) return;
    this.#direct = DirectWriter.of(this.#socket!);
    const connectUs = this.#clock.now() - this.#fromUs;
    this.#tell({ http, connectUs });
  }

  /** The connection is up, and TLS has chosen a version of HTTP. */
  secured(socket: TLSSocket): void {
    if (!this.#open) return;
    const { versions } = this.opening;
    // A server without ALPN speaks HTTP/1.1.
    const chosen = socket.alpnProtocol === ALPN_NAMES['2'] ? '2' : '1.1';
    if (!versions.includes(chosen)) {
      this.#end(otherVersion(socket.alpnProtocol, versions));
      return;
    }
    const connectUs = this.#connectedUs - this.#fromUs;
    const handshakeUs = this.#clock.now() - this.#connectedUs;
    this.#tell({ http: chosen, connectUs, handshakeUs, resumed: socket.isSessionReused() });
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

  #tell(opened: OpenedConnection): void {
    this.opening.onOpened?.(opened);
    this.#listener.onReady(opened.http);
  }

  #end(error: Error | undefined): void {
    if (!this.#open) return;
    this.close();
    this.#listener.onEnd(error);
  }
}
