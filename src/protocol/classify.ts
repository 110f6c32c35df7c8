/** @module Classifies a complete HTTP answer into an outcome. */
import { type Answer, bodyKind, dataOf, findAnswer, firstObject, type Message } from './answer.ts';
import type { Cause } from './cause.ts';
import { bodyText, safeDetail } from './detail.ts';
import { reportsLostSession } from './lost-session.ts';
import type { Outcome } from './outcome.ts';
import { isPlainlyGood } from './plainly-good.ts';
import type { Request } from './request.ts';

/** An outcome and, when it is not `ok`, a short explanation, and the cause if it was recognised. */
export interface Classified {
  readonly outcome: Outcome;
  readonly detail: string | undefined;
  readonly cause?: Cause;
  /** Of an `rpc-error`: the code of the JSON-RPC error. */
  readonly code?: number;
}

/** The shared result of every successful answer, so that the common case allocates nothing. */
export const OK: Classified = Object.freeze({ outcome: 'ok', detail: undefined });

/**
 * Classifies `answer` in the order lost session, 401 and 403, JSON-RPC error, `resultType`, `isError`, HTTP status. The driver classifies
 * transport failures. Never throws. With `checkIds` the answer must carry the request's id.
 */
export function classify(
  answer: Answer,
  request: Pick<Request, 'expected' | 'inSession'>,
  checkIds: boolean,
): Classified {
  if (isOk(answer, request, checkIds)) return OK;
  return classifySlow(answer, request, checkIds);
}

/** Whether `answer` is an ordinary successful one. `false` only means that it has to be parsed. */
export function isOk(answer: Answer, { expected }: Pick<Request, 'expected'>, checkIds: boolean): boolean {
  if (answer.status !== 200 || expected.kind !== 'result') return false;
  const kind = bodyKind(answer.contentType);
  return kind !== 'other' && isPlainlyGood(answer.body, kind, expected.id, checkIds);
}

/** The same by parsing the whole answer. {@link classify} falls back to it, and tests compare the two. */
export function classifySlow(
  answer: Answer,
  request: Pick<Request, 'expected' | 'inSession'>,
  checkIds: boolean,
): Classified {
  const { status } = answer;
  const { expected, inSession } = request;
  if (inSession && status >= 400 && isLost(answer)) return failed('session-lost', describeFailure(answer));
  if (status === 401) return failed('unauthorized', describeFailure(answer));
  if (status === 403) return failed('forbidden', describeFailure(answer));
  if (expected.kind === 'accepted') return classifyAccepted(answer);
  const success = status >= 200 && status <= 299;
  if (success && bodyKind(answer.contentType) === 'other') {
    const type = answer.contentType ?? 'none';
    return failed(
      'malformed',
      `${statusLine(answer)}: content type ${type} is neither JSON nor event stream`,
    );
  }
  const found = findAnswer(answer, expected.id, checkIds);
  const judged = found.message === undefined ? undefined : classifyMessage(found.message);
  if (success && judged === OK) return OK;
  if (inSession && success && isLost(answer)) return failed('session-lost', describeFailure(answer));
  if (judged !== undefined) {
    // With an error status even a successful result is a failure. An error in the body is a failure with any status.
    if (success || (judged !== OK && judged.outcome !== 'malformed')) return judged;
    return failed('http-error', statusLine(answer));
  }
  if (success) return failed('malformed', `${statusLine(answer)}: ${found.problem}`);
  const foreign = errorCode(anyMessage(answer)) !== undefined;
  return foreign
    ? failed('malformed', `${statusLine(answer)}: ${found.problem}`)
    : failed('http-error', describeFailure(answer));
}

/** Classifies an answer to a notification or DELETE by its status. A JSON-RPC error in the body is an `rpc-error`, except with 405 (method not allowed). */
function classifyAccepted(answer: Answer): Classified {
  const { status } = answer;
  if (status >= 200 && status <= 299) return OK;
  const code = errorCode(anyMessage(answer));
  return code === undefined || status === 405
    ? failed('http-error', describeFailure(answer))
    : failed('rpc-error', describeFailure(answer));
}

function isLost(answer: Answer): boolean {
  return reportsLostSession(answer, firstObject(answer), answer.body.toString('utf8'));
}

function classifyMessage(message: Message): Classified {
  const { result } = message;
  if ('error' in message) {
    const code = errorCode(message);
    if (code === undefined) return failed('malformed', 'a JSON-RPC error without a code');
    return { ...failed('rpc-error', describeError(message)), code };
  }
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    return failed('malformed', 'a JSON-RPC answer whose result is not an object');
  }
  const { resultType = 'complete', isError, content } = result as Message;
  if (resultType === 'input_required') return failed('input-required', 'the server asks for input');
  if (resultType === 'task') return failed('task', 'the server turned the call into a task');
  if (resultType !== 'complete') {
    const shown = typeof resultType === 'string' ? `"${resultType}"` : `of type ${typeof resultType}`;
    return failed('malformed', `unknown resultType ${shown}`);
  }
  return isError === true ? failed('tool-error', firstText(content)) : OK;
}

/** The single JSON object in the answer, whatever its id. */
function anyMessage(answer: Answer): Message | undefined {
  return findAnswer(answer, '', false).message;
}

/** The error code of `message`; undefined when it is not a JSON-RPC error. */
function errorCode(message: Message | undefined): number | undefined {
  const error = message?.['error'];
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as Message;
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined;
}

function describeError(message: Message): string {
  const { code, message: text } = message['error'] as Message;
  return typeof text === 'string' ? `${String(code)} ${text}` : String(code);
}

/** The status, and what the server says: the JSON-RPC error, or else the text of the body. */
function describeFailure(answer: Answer): string {
  const message = anyMessage(answer);
  const isError = message !== undefined && errorCode(message) !== undefined;
  const said = isError ? describeError(message) : withoutStatus(bodyText(dataOf(answer)), answer);
  return said === '' ? statusLine(answer) : `${statusLine(answer)}: ${said}`;
}

/** What a body says beyond its status, which many begin with. */
function withoutStatus(said: string, answer: Answer): string {
  const start = [statusLine(answer), answer.statusText].find((text) => text !== '' && said.startsWith(text));
  return start === undefined ? said : said.slice(start.length).replace(/^[\s:.,-]+/, '');
}

function statusLine(answer: Answer): string {
  return `${answer.status} ${answer.statusText}`.trim();
}

function firstText(content: unknown): string {
  if (!Array.isArray(content)) return 'isError without content';
  for (const block of content) {
    const text = (block as Message | null)?.['text'];
    if (typeof text === 'string') return text;
  }
  return 'isError without text';
}

function failed(outcome: Outcome, detail: string): Classified {
  return { outcome, detail: safeDetail(detail) };
}
