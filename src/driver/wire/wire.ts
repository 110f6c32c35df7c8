/** @module Paceline's own HTTP client over node:net and node:tls, optimised for low overhead per call. */
import { RepeatedAnswers } from '../../protocol/repeated-answers.ts';
import type { Request } from '../../protocol/request.ts';
import type { CreateDriver, Driver, DriverOptions, OpenStream, Reply, StreamListener } from '../driver.ts';
import { endpointOf } from '../endpoint.ts';
import { LargeMemory } from '../large-memory.ts';
import { BodyBytes } from './body-bytes.ts';
import type { WireShared } from './connection.ts';
import { RequestFields } from './http2/request-fields.ts';
import type { Http2Shared } from './http2/session.ts';
import { Pool } from './pool.ts';
import { RequestBytes } from './request-bytes.ts';
import { SocketOpener } from './socket.ts';
import { SpareSockets } from './spare-sockets.ts';
import { connecting, streaming } from './speakers.ts';
import { Texts } from './texts.ts';

/** A stream of a driver that is closed: it never opens. */
const CLOSED: OpenStream = { close: () => {} };

/** A driver over a pool of connections. */
export const createWireDriver: CreateDriver = (options) => new WireDriver(options);

class WireDriver implements Driver {
  readonly #shared: WireShared & Http2Shared;
  readonly #pool: Pool;
  readonly #streams = new Set<OpenStream>();
  #closed = false;

  constructor(options: DriverOptions) {
    const endpoint = endpointOf(options);
    this.#shared = {
      options,
      endpoint,
      opener: new SocketOpener(endpoint, options),
      spare: new SpareSockets(options.connections),
      requests: new RequestBytes(endpoint),
      fields: new RequestFields(endpoint, new BodyBytes()),
      texts: new Texts(),
      repeated: new RepeatedAnswers(),
      large: new LargeMemory(),
    };
    this.#pool = new Pool(options, connecting(this.#shared));
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
    const stream = streaming(this.#shared, request, listener, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  warm(): Promise<void> {
    return this.#pool.warm();
  }

  joinsRequests(): boolean {
    return this.#pool.joinsRequests;
  }

  mostConnections(): number {
    return this.#pool.size;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of [...this.#streams]) stream.close();
    this.#shared.spare.close();
    this.#pool.close();
  }
}
