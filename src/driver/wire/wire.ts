/** @module Paceline's own HTTP client over node:net and node:tls, optimised for low overhead per call. */
import { RepeatedAnswers } from '../../protocol/repeated-answers.ts';
import type { Request } from '../../protocol/request.ts';
import type { CreateDriver, Driver, DriverOptions, OpenStream, Reply, StreamListener } from '../driver.ts';
import { endpointOf } from '../endpoint.ts';
import { WireConnection, type WireShared } from './connection.ts';
import { Pool } from './pool.ts';
import { RequestBytes } from './request-bytes.ts';
import { SocketOpener } from './socket.ts';
import { WireStream } from './stream.ts';
import { Texts } from './texts.ts';

/** A stream of a driver that is closed: it never opens. */
const CLOSED: OpenStream = { close: () => {} };

/** A driver over a pool of connections. */
export const createWireDriver: CreateDriver = (options) => new WireDriver(options);

class WireDriver implements Driver {
  readonly #shared: WireShared;
  readonly #pool: Pool;
  readonly #streams = new Set<WireStream>();
  #closed = false;

  constructor(options: DriverOptions) {
    const endpoint = endpointOf(options);
    const shared: WireShared = {
      options,
      endpoint,
      opener: new SocketOpener(endpoint),
      requests: new RequestBytes(endpoint),
      texts: new Texts(),
      repeated: new RepeatedAnswers(),
    };
    this.#shared = shared;
    this.#pool = new Pool(options, (events) => new WireConnection(shared, events));
  }

  send(
    request: Request,
    onReply: (reply: Reply) => void,
    keepBody = false,
    onMessage?: (text: string) => void,
  ): void {
    this.#pool.send(request, onReply, keepBody, onMessage);
  }

  open(request: Request, listener: StreamListener): OpenStream {
    if (this.#closed) return CLOSED;
    const stream = new WireStream(this.#shared, request, listener, (gone) => this.#streams.delete(gone));
    this.#streams.add(stream);
    return stream;
  }

  warm(): Promise<void> {
    return this.#pool.warm();
  }

  mostConnections(): number {
    return this.#pool.size;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of [...this.#streams]) stream.close();
    this.#pool.close();
  }
}
