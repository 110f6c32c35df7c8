/** @module The layer that answers servers which ask for input before they answer a call. Source: MCP 2026-07-28, Multi Round-Trip Requests. */
import type { AnswerSettings } from '../../profile/settings.ts';
import { isObject } from '../../protocol/json-object.ts';
import { inputAnswers } from '../../protocol/rounds/input-answer.ts';
import { type InputRequired, readInputRequired } from '../../protocol/rounds/input-required.ts';
import type { RetryParams } from '../../protocol/rounds/retry.ts';
import type { RoundsEnd, RoundTally } from '../../recording/measure/rounds.ts';
import type { After } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import {
  type AgentRequest,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
  spanning,
} from './caller.ts';
import type { OwnIds } from './own-request.ts';
import { RetryRequest } from './retry-request.ts';

export interface RoundsOptions {
  readonly settings: AnswerSettings;
  readonly ids: OwnIds;
  /** Coarse timers, for agents that think before they answer. */
  readonly after: After;
  readonly now: () => Micros;
  readonly tally: RoundTally;
}

/** Below the cache, which keeps no result of a retry; above credentials and mirrored parameters, which a retry has as well. */
export function roundsLayer(options: RoundsOptions): Layer {
  return (next) => new RoundsCaller(next, options);
}

/** The methods whose calls a server may ask back. */
const MAY_ASK: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

class RoundsCaller extends PassingCaller {
  readonly #options: RoundsOptions;

  constructor(next: Caller, options: RoundsOptions) {
    super(next);
    this.#options = options;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    if (!MAY_ASK.has(request.operation.method)) {
      this.next.send(request, onEnd, keepBody, onMessage);
      return;
    }
    const onFirst = (end: CallEnd): void => {
      if (end.outcome !== 'input-required') onEnd(end);
      else
        new AskedCall(this.next, this.#options, { request, onEnd, onMessage, first: { ...end } }).goOn(end);
    };
    this.next.send(request, onFirst, true, onMessage);
  }
}

/** A call that was asked back. */
interface Asked {
  readonly request: AgentRequest;
  readonly onEnd: OnEnd;
  readonly onMessage: OnMessage | undefined;
  /** The end of the request itself, with which the call would have ended. */
  readonly first: CallEnd;
}

/** A call from the first time it was asked back to its end. */
class AskedCall {
  readonly #next: Caller;
  readonly #options: RoundsOptions;
  readonly #asked: Asked;
  #rounds = 0;
  #handOffs = 0;

  constructor(next: Caller, options: RoundsOptions, asked: Asked) {
    this.#next = next;
    this.#options = options;
    this.#asked = asked;
  }

  /** Takes the answer `end`, which asks for something. */
  goOn(end: CallEnd): void {
    const { settings } = this.#options;
    this.#rounds += 1;
    const wanted = readInputRequired(end.body ?? '');
    const params = wanted && paramsFor(wanted, settings);
    if (params !== undefined && params.responses === undefined) this.#handOffs += 1;
    if (params === undefined) this.#end(end, 'unanswered');
    else if (this.#rounds > settings.rounds) this.#end(end, 'capped');
    else this.#answer(params, end.servedBy);
  }

  /** Without requests there is nothing to think about: the server only wants the call to come again. */
  #answer(params: RetryParams, askedBy: string | undefined): void {
    const { settings, after, now, tally } = this.#options;
    if (params.responses === undefined || settings.thinkUs === 0) {
      this.#retry(params, askedBy);
      return;
    }
    const fromUs = now();
    after(settings.thinkUs, () => {
      if (this.#asked.request.context.measured) tally.thought(now() - fromUs);
      this.#retry(params, askedBy);
    });
  }

  #retry(params: RetryParams, askedBy: string | undefined): void {
    const { ids, tally } = this.#options;
    const { request, onMessage } = this.#asked;
    const { stateJson } = params;
    const onReply = (end: CallEnd): void => {
      if (request.context.measured)
        tally.retried({
          askedBy,
          servedBy: end.servedBy,
          outcome: end.outcome,
          refused: refusesState(end),
          timeUs: end.doneUs - end.sentUs,
          stateBytes: stateJson === undefined ? undefined : Buffer.byteLength(stateJson) - QUOTES,
        });
      if (end.outcome === 'input-required') this.goOn(end);
      else this.#end(end, 'answered');
    };
    this.#next.send(new RetryRequest(request, ids.next(), params), onReply, true, onMessage);
  }

  /** Ends the call with `last`: it began with its first request, and all rounds are part of it. */
  #end(last: CallEnd, how: RoundsEnd): void {
    const { tally, settings } = this.#options;
    const { request, first, onEnd } = this.#asked;
    if (request.context.measured) tally.ended(this.#rounds, this.#handOffs, how);
    onEnd({
      ...spanning(first, last),
      retried: true,
      ...(how === 'capped' && { detail: `the server asks for input after ${settings.rounds} answers` }),
      ...(how === 'unanswered' && { detail: 'the server asks for input that agents do not give' }),
    });
  }
}

/** Of the JSON text of a string. */
const QUOTES = 2;

/** What a retry has, if the agent can give what is `wanted`. Source: MCP 2026-07-28: the keys of the requests, and the state as it came or none. */
function paramsFor(
  { requests, stateJson }: InputRequired,
  settings: AnswerSettings,
): RetryParams | undefined {
  if (Object.keys(requests).length === 0)
    return stateJson === undefined ? undefined : { responses: undefined, stateJson };
  const responses = inputAnswers(requests, settings);
  return responses && { responses, stateJson };
}

/** The code and the reason with which servers of the official SDK refuse a state, and the built-in ones too: the revision defines none. */
const INVALID_PARAMS = -32602;
const INVALID_STATE = 'invalid_request_state';

function refusesState({ outcome, code, body = '' }: CallEnd): boolean {
  if (outcome !== 'rpc-error' || code !== INVALID_PARAMS || !body.includes(INVALID_STATE)) return false;
  const { error } = JSON.parse(body) as { readonly error?: { readonly data?: unknown } };
  return isObject(error?.data) && error.data['reason'] === INVALID_STATE;
}
