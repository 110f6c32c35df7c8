/** @module The check of a request to a lean server, between its head and what it asks for. */
import { denialBody } from '../../guard/denial.ts';
import type { Decision, Guard, GuardedRequest } from '../../guard/guard.ts';
import { resourceMetadataPaths } from '../../protocol/authorization/metadata.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { operationOf, traceparentOf } from '../guarded-operation.ts';
import { MCP_PATH } from '../instance.ts';
import type { Caller } from '../queue.ts';
import type { Answers } from './answers.ts';
import type { LeanContext } from './desk.ts';
import type { LeanHead } from './framing.ts';
import type { LeanRequest, Notified, Refusal } from './message.ts';

/** What was read of a request: a message, or what a request without one asks for. */
type Asked = LeanRequest | Notified | Refusal | { readonly kind: 'listen' | 'end' };

/** A request that has been read. */
export interface ReadRequest<A extends Asked> {
  readonly head: LeanHead;
  readonly asked: A;
  readonly context: LeanContext;
  readonly caller: Caller;
}

/** Answers with `serve` what `guard` allows, and the rest with its refusal. */
export function passGuard<T>(
  guard: Guard,
  answers: Answers,
  request: ReadRequest<Asked>,
  serve: (context: LeanContext) => T,
): T | string | Promise<Awaited<T> | string> {
  const settle = (decision: Decision): T | string => {
    const { context } = request;
    const { authUs, policyUs } = decision;
    const checked = { ...context, authUs, policyUs };
    if (decision.kind === 'denied') {
      const { status, challenge } = decision;
      const field = challenge === '' ? '' : `WWW-Authenticate: ${challenge}\r\n`;
      // Without the session that the request names: only who may use it learns whether it exists.
      return answers.json(status, denialBody(decision), { ...checked, sessionId: undefined }, field);
    }
    const checkUs = systemClock.now() - context.startedUs - context.readUs;
    return serve({ ...checked, checkUs, allowance: decision });
  };
  const decision = guard.check(guarded(request.head, request.asked));
  return decision instanceof Promise
    ? (decision.then(settle) as Promise<Awaited<T> | string>)
    : settle(decision);
}

function guarded(head: LeanHead, asked: Asked): GuardedRequest {
  const message = asked.kind === 'refusal' ? asked.request : asked;
  const params = message?.kind === 'request' ? message.params : {};
  const method = message !== undefined && 'method' in message ? message.method : head.method;
  return {
    httpMethod: head.method,
    header: (name) => head.headers.get(name),
    operation: operationOf(method, params),
    traceparent: traceparentOf(params, head.headers.get('traceparent')),
  };
}

const METADATA_PATHS = resourceMetadataPaths(MCP_PATH);

/** The answer to a request for the metadata of the resource, which needs no token; undefined when the request is for something else. */
export function answerMetadata(
  guard: Guard,
  answers: Answers,
  head: LeanHead,
  startedUs: Micros,
): string | undefined {
  if (head.method !== 'GET' || !METADATA_PATHS.includes(head.path)) return undefined;
  const metadata = guard.metadata();
  return metadata === undefined ? undefined : answers.json(200, metadata, { startedUs });
}
