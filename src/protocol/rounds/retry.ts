/** @module A request sent again with what the server has asked for. Source: MCP 2026-07-28, Multi Round-Trip Requests. */
import { asciiJson, idJson, OPEN_BODY } from '../call.ts';
import { CallRequest } from '../call-request.ts';
import type { JsonObject } from '../json-object.ts';
import type { Request } from '../request.ts';

/** What a retry has beside the parameters of the request. */
export interface RetryParams {
  /** By the keys of the server's requests; undefined when it asked for nothing. */
  readonly responses: JsonObject | undefined;
  /** `requestState` as JSON text, as the server wrote it; undefined when there was none. */
  readonly stateJson: string | undefined;
}

const PARAMS = '"params":{';

/**
 * `request` as number `id`, with `params`: the arguments and everything else as they were, but with a trace context of its own, by which audit
 * logs tell requests apart. The request is one of a call, whose parameters are never empty.
 */
export function retryOf(request: Request, id: number, params: RetryParams): Request {
  const { head, body, ascii, inSession } = request;
  const from = body.indexOf(',', OPEN_BODY.length);
  // The method, which stands before, is a word of the protocol without quotes in it.
  const at = body.indexOf(PARAMS, from) + PARAMS.length;
  const { responses, stateJson } = params;
  const answered = responses === undefined ? '' : `"inputResponses":${asciiJson(responses)},`;
  const state = stateJson === undefined ? '' : `"requestState":${stateJson},`;
  return {
    head,
    body: `${OPEN_BODY}${idJson(id)}${body.slice(from, at)}${answered}${state}${withTrace(body.slice(at), request, id)}`,
    ascii: ascii && (stateJson === undefined || isAscii(stateJson)),
    expected: { kind: 'result', id },
    inSession,
  };
}

/** `rest`, the end of the body of `request`, with the trace context of number `id`. */
function withTrace(rest: string, request: Request, id: number): string {
  const traces = request instanceof CallRequest ? request.template.traces : undefined;
  if (traces === undefined || !(request instanceof CallRequest)) return rest;
  const at = rest.lastIndexOf(traces.of(request.id));
  const own = traces.of(id);
  return `${rest.slice(0, at)}${own}${rest.slice(at + own.length)}`;
}

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
