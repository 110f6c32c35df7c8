/** @module How an exchange that brought a complete HTTP answer ended. */
import { type Answer, bodyKind, findAnswer, type Message } from './answer.ts';
import { safeDetail } from './detail.ts';
import type { Outcome } from './outcome.ts';
import { isPlainlyGood } from './plainly-good.ts';
import type { Request } from './request.ts';

/** An outcome and, when it is not `ok`, a short text for people. */
export interface Classified {
  readonly outcome: Outcome;
  readonly detail: string | undefined;
}

/** The one result of every good answer, so that the ordinary case allocates nothing. */
export const OK: Classified = Object.freeze({ outcome: 'ok', detail: undefined });

const METHOD_NOT_FOUND = -32601;
/** What the official SDKs of the sessions era answer with when the session is the matter: in general, and when it is unknown. */
const SERVER_ERROR = -32000;
const SESSION_NOT_FOUND = -32001;

/**
 * Classifies `answer` in the order 401 and 403, JSON-RPC error, `resultType`, `isError`, HTTP status; failures of
 * transport come before and are the driver's. Never throws. `checkIds`: the answer must carry the request's id.
 */
export function classify(
  answer: Answer,
  request: Pick<Request, 'expected' | 'inSession'>,
  checkIds: boolean,
): Classified {
  const { expected } = request;
  if (answer.status === 200 && expected.kind === 'result') {
    const kind = bodyKind(answer.contentType);
    if (kind !== 'other' && isPlainlyGood(answer.body, kind, expected.id, checkIds)) return OK;
  }
  return classifySlow(answer, request, checkIds);
}

/** The same by reading the whole answer: what {@link classify} falls back to, and is compared with in tests. */
export function classifySlow(
  answer: Answer,
  request: Pick<Request, 'expected' | 'inSession'>,
  checkIds: boolean,
): Classified {
  const { status } = answer;
  const { expected, inSession } = request;
  if (status === 401) return failed('unauthorized', statusLine(answer));
  if (status === 403) return failed('forbidden', statusLine(answer));
  if (expected.kind === 'accepted') return classifyAccepted(answer, inSession);
  const success = status >= 200 && status <= 299;
  if (success && bodyKind(answer.contentType) === 'other') {
    const type = answer.contentType ?? 'none';
    return failed(
      'malformed',
      `${statusLine(answer)}: content type ${type} is neither JSON nor event stream`,
    );
  }
  if (inSession && tellsOfLostSession(answer)) return failed('session-lost', describeFailure(answer));
  const found = findAnswer(answer, expected.id, checkIds);
  if (found.message !== undefined) {
    const judged = classifyMessage(found.message);
    // A status that says failure makes even a good result one; a body that says failure needs no status.
    if (success || (judged !== OK && judged.outcome !== 'malformed')) return judged;
    return failed('http-error', statusLine(answer));
  }
  if (success) return failed('malformed', `${statusLine(answer)}: ${found.problem}`);
  const foreign = errorCode(anyMessage(answer)) !== undefined;
  return foreign
    ? failed('malformed', `${statusLine(answer)}: ${found.problem}`)
    : failed('http-error', statusLine(answer));
}

/** Where only the status counts; a refusal is told from a failure by its body. 405 says that the method is not offered. */
function classifyAccepted(answer: Answer, inSession: boolean): Classified {
  const { status } = answer;
  if (status >= 200 && status <= 299) return OK;
  if (inSession && tellsOfLostSession(answer)) return failed('session-lost', describeFailure(answer));
  const code = errorCode(anyMessage(answer));
  return code === undefined || status === 405
    ? failed('http-error', statusLine(answer))
    : failed('rpc-error', describeFailure(answer));
}

/**
 * Whether the answer to a request that carried a session id says that there is no such session: 404, as the specification
 * has it, or 400 with an error that speaks of the session, as widespread servers do (docs/decisions/0007-lost-session-400.md).
 */
function tellsOfLostSession(answer: Answer): boolean {
  if (answer.status === 404) return errorCode(anyMessage(answer)) !== METHOD_NOT_FOUND;
  if (answer.status !== 400) return false;
  const message = anyMessage(answer);
  const code = errorCode(message);
  if (code !== SERVER_ERROR && code !== SESSION_NOT_FOUND) return false;
  const { message: text } = message!['error'] as Message;
  return typeof text === 'string' && /session/i.test(text);
}

function classifyMessage(message: Message): Classified {
  const { result } = message;
  if ('error' in message) {
    const code = errorCode(message);
    if (code === undefined) return failed('malformed', 'a JSON-RPC error without a code');
    return failed('rpc-error', describeError(message));
  }
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    return failed('malformed', 'a JSON-RPC answer whose result is not an object');
  }
  const { resultType = 'complete', isError, content } = result as Message;
  if (resultType === 'input_required') return failed('input-required', 'the server asks for input');
  if (resultType === 'task') return failed('task', 'the server made a task of the call');
  if (resultType !== 'complete') {
    const shown = typeof resultType === 'string' ? `"${resultType}"` : `of type ${typeof resultType}`;
    return failed('malformed', `unknown resultType ${shown}`);
  }
  return isError === true ? failed('tool-error', firstText(content)) : OK;
}

/** Whatever single JSON object the answer holds, whosever id it carries. */
function anyMessage(answer: Answer): Message | undefined {
  return findAnswer(answer, '', false).message;
}

/** The code when `message` is a JSON-RPC error. */
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

/** The status, and the JSON-RPC error when there is one. */
function describeFailure(answer: Answer): string {
  const message = anyMessage(answer);
  if (message === undefined || errorCode(message) === undefined) return statusLine(answer);
  return `${statusLine(answer)}: ${describeError(message)}`;
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
