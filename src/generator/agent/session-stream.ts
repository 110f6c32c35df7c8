/** @module The standalone stream of a session, opened again whenever the server ends it, as the official clients do. */
import type { OpenStream, StreamListener } from '../../driver/driver.ts';
import type { StreamPosition } from '../../protocol/sse.ts';
import type { After, Cancel } from '../../units/clock.ts';
import { reconnectDelay, sendable } from './resuming.ts';
import type { SessionLog } from './session-log.ts';

export interface SessionStreamOptions {
  readonly after: After;
  readonly log: SessionLog;
}

/** Opens a stream, after the event with this id if there is one. */
type OpenAt = (lastEventId: string | undefined, listener: StreamListener) => OpenStream;

/** A stream that lasts as long as its session. One that the server refuses is not asked for again. */
export class SessionStream implements OpenStream {
  readonly #open: OpenAt;
  readonly #options: SessionStreamOptions;
  #current: OpenStream | undefined;
  #cancel: Cancel | undefined = undefined;
  #status = 0;

  constructor(open: OpenAt, options: SessionStreamOptions) {
    this.#open = open;
    this.#options = options;
    this.#current = this.#listen(undefined, (status) => options.log.stream(status));
  }

  close(): void {
    this.#cancel?.();
    this.#current?.close();
    this.#current = undefined;
  }

  #listen(lastEventId: string | undefined, onStatus: (status: number) => void): OpenStream {
    this.#status = 0;
    return this.#open(lastEventId, {
      onOpen: (status) => {
        this.#status = status;
        onStatus(status);
      },
      onEnd: (_, position) => this.#ended(sendable(position)),
    });
  }

  #ended(position: StreamPosition | undefined): void {
    this.#current = undefined;
    if (this.#status < 200 || this.#status > 299) return;
    const { after, log } = this.#options;
    this.#cancel = after(reconnectDelay(position), () => {
      this.#current = this.#listen(position?.lastEventId, () => log.streamReopened());
    });
  }
}
