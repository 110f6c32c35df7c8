/** @module The layer that answers requests of the server (MCP 2025-11-25): `ping` with an empty result, everything else with -32601. */
import type { OpenStream, StreamListener } from '../../driver/driver.ts';
import { type HeaderFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import { answerTo, readServerRequest } from '../../protocol/server-request.ts';
import { answerServer } from '../../protocol/sessions.ts';
import {
  type AgentRequest,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
  UNMEASURED,
} from './caller.ts';
import { OwnRequest } from './own-request.ts';
import type { SessionLog } from './session-log.ts';

export interface AnsweringOptions {
  /** The user's, sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly log: SessionLog;
}

/** Answers what the server asks on the streams of an agent. Below the session, whose fields its requests carry. */
export function answeringLayer(options: AnsweringOptions): Layer {
  return (next) => new AnsweringCaller(next, options);
}

class AnsweringCaller extends PassingCaller {
  readonly #options: AnsweringOptions;
  /** The fields of the latest request, and what answers with them: both stay the same for all calls of a session. */
  #fields: HeaderFields = NO_FIELDS;
  #onMessage: OnMessage;

  constructor(next: Caller, options: AnsweringOptions) {
    super(next);
    this.#options = options;
    this.#onMessage = this.#answererWith(NO_FIELDS);
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean): void {
    this.next.send(request, onEnd, keepBody, this.#answererOf(request));
  }

  override listen(request: AgentRequest, listener: StreamListener): OpenStream {
    return this.next.listen(request, {
      onOpen: (status, servedBy) => listener.onOpen(status, servedBy),
      onMessage: this.#answererOf(request),
      onEnd: (detail, resume) => listener.onEnd(detail, resume),
    });
  }

  #answererOf({ fields }: AgentRequest): OnMessage {
    if (fields !== this.#fields) {
      this.#fields = fields;
      this.#onMessage = this.#answererWith(fields);
    }
    return this.#onMessage;
  }

  /** Answers with the fields of the request on whose stream the server asks, and so in its session. */
  #answererWith(fields: HeaderFields): OnMessage {
    return (text) => {
      const asked = readServerRequest(text);
      if (asked === undefined) return;
      const { headers, log } = this.#options;
      const body = answerTo(asked);
      log.serverRequest();
      const answer = new OwnRequest(
        { method: 'response' },
        UNMEASURED,
        (all) => answerServer(body, headers, all),
        fields,
      );
      this.next.send(answer, () => undefined);
    };
  }
}
