/**
 * @module The check of a request to an SDK server, before the SDK sees it. The SDK's own gate (`requireBearerAuth`) is not used: it is given the
 * token alone, so it cannot check proofs, sessions or what a gateway adds; of two tokens in `Authorization` it takes the first; and its challenge
 * names an error to callers that have sent no token.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Guard, GuardedRequest } from '../../guard/guard.ts';
import { resourceMetadataPaths } from '../../protocol/authorization/metadata.ts';
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { operationOf, traceparentOf } from '../guarded-operation.ts';
import { MCP_PATH } from '../instance.ts';
import type { ActiveRequest } from './active-request.ts';
import { answerDenied, answerMetadata, answerMistake } from './answers.ts';
import { readBody } from './body.ts';

/** What the SDK gets of an allowed request beside its head. */
export interface Passed {
  readonly body: JsonObject | undefined;
}

/** Reads the body and checks the request. Resolves with undefined when there is nothing left to answer: the request was not allowed, or is no message. */
export async function passGuard(
  guard: Guard,
  request: IncomingMessage,
  response: ServerResponse,
  active: ActiveRequest,
): Promise<Passed | undefined> {
  const body = await readBody(request);
  // The caller has disconnected: nothing was asked for.
  if (response.destroyed) return undefined;
  const message = 'message' in body ? body.message : undefined;
  const decision = await guard.check(guarded(request, message ?? {}));
  active.authUs = decision.authUs;
  active.policyUs = decision.policyUs;
  if (decision.kind === 'denied') {
    answerDenied(response, decision);
    return undefined;
  }
  if ('mistake' in body) {
    answerMistake(response, body.mistake);
    return undefined;
  }
  active.allowance = decision;
  return { body: body.message };
}

function guarded(request: IncomingMessage, { method, params }: JsonObject): GuardedRequest {
  const httpMethod = request.method ?? '';
  const given = isObject(params) ? params : {};
  // `headers` has only the first of some fields that are repeated, among them `Authorization`.
  const header = (name: string): string | undefined => request.headersDistinct[name]?.join(', ');
  return {
    httpMethod,
    header,
    operation: operationOf(typeof method === 'string' ? method : httpMethod, given),
    traceparent: traceparentOf(given, header('traceparent')),
  };
}

const METADATA_PATHS = resourceMetadataPaths(MCP_PATH);

/** Answers a request for the metadata of the resource, which needs no token. Returns whether it was one. */
export function servesMetadata(guard: Guard, request: IncomingMessage, response: ServerResponse): boolean {
  const path = request.url?.split('?')[0] ?? '';
  const metadata = request.method === 'GET' && METADATA_PATHS.includes(path) ? guard.metadata() : undefined;
  if (metadata !== undefined) answerMetadata(response, metadata);
  return metadata !== undefined;
}
