/** @module How the loss of a stream or a connection of HTTP/2 is reported. */
import { ERROR, errorName } from '../../../http/http2/error-code.ts';
import { describeHttp2Fault, type Http2Fault } from '../../../http/http2/fault.ts';
import type { Ending, Loss } from '../../../http/http2/loss.ts';
import type { Cause } from '../../../protocol/cause.ts';
import { safeDetail } from '../../../protocol/detail.ts';
import type { Endpoint } from '../../endpoint.ts';
import { type Failure, failureOf, type Stage } from '../../failure.ts';
import { quoted } from '../texts.ts';

/** What a server that speaks HTTP/1.1 answers with. */
const HTTP1 = 'HTTP/1';

/** Words for what happened on one connection to `endpoint`. */
export class Http2Failures {
  readonly #endpoint: Endpoint;
  /** How far the connection has come. */
  stage: Stage = 'connecting';

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The failure of a connection. */
  ofConnection(ending: Ending): Failure {
    return this.#ofEnding(ending, false);
  }

  /** The failure of a call. `begun`: the head of its answer had come. */
  ofCall({ cause }: Loss, begun: boolean): Failure {
    const { address } = this.#endpoint;
    switch (cause.kind) {
      case 'reset': {
        const refused = cause.code === ERROR.REFUSED_STREAM;
        const why = refused ? 'the server did not process the call' : 'the server reset the stream';
        return { outcome: 'reset', detail: `${errorName(cause.code)} ${address} (${why})` };
      }
      case 'go-away': {
        const what = `GOAWAY ${errorName(cause.code)} ${address}`;
        return { outcome: 'reset', detail: `${what} (the server did not process the call)` };
      }
      case 'malformed':
        return brokenBy(describeHttp2Fault(cause.fault).text);
      case 'ended':
        return this.#ofEnding(cause.ending, begun);
    }
  }

  #ofEnding(ending: Ending, begun: boolean): Failure {
    const { address, secure } = this.#endpoint;
    if (ending.kind === 'error') return failureOf(ending.error, this.stage, address, secure);
    if (ending.kind === 'fault') return this.#ofFault(ending.fault, ending.first);
    const when = begun ? 'during the answer' : 'without an answer';
    return { outcome: 'reset', detail: `closed ${when} ${address}` };
  }

  #ofFault(fault: Http2Fault, first: string): Failure {
    const { text } = describeHttp2Fault(fault);
    if (fault !== 'not-http2') return brokenBy(text);
    const bytes = Buffer.from(first, 'latin1');
    const what = `${quoted(bytes, 0, bytes.length)} from ${this.#endpoint.address}`;
    return first.startsWith(HTTP1)
      ? brokenBy(`the server answers in HTTP/1.1, not HTTP/2: ${what}`, 'http1-only')
      : brokenBy(`${text} (${what})`);
  }
}

const brokenBy = (text: string, cause: Cause = 'not-http'): Failure => ({
  outcome: 'malformed',
  detail: safeDetail(text),
  cause,
});
